/* test_legacy: requests to /ingest, as clients of many years send them. */
#include "testing.h"

#include "ingest/ingest_samples.h"
#include "ingest/legacy.h"

#define NOW (INT64_C(1800000000) * SECOND_NS)

static struct limits limits;
static struct intake_batch batch;
static struct refusal refusal;

static int start(void **state)
{
	limits_defaults(&limits);
	return 0;
}

static int clean(void **state)
{
	intake_batch_fini(&batch);
	refusal = (struct refusal){ 0 };
	return 0;
}

static const struct intake_profile *read_as(struct legacy_request request)
{
	request.now_ns = NOW;
	if (!request.name.len)
		request.name = VIEW("shop.cpu{region=eu}");
	return legacy_read(&request, &limits, &batch, &refusal) == 0 ? &batch.at[0] : NULL;
}

static unsigned refused(struct legacy_request request, const char *words)
{
	assert_null(read_as(request));
	assert_non_null(strstr(refusal.text, words));
	return refusal.status;
}

static const char *label(const struct intake_profile *item, const char *name)
{
	static char text[100];
	struct view value = labelset_find(&item->labels, name);

	snprintf(text, sizeof(text), "%.*s", (int)value.len, value.at);
	return text;
}

static void a_text_becomes_what_its_name_says(void **state)
{
	const struct intake_profile *item =
		read_as((struct legacy_request){ .body = VIEW("main;work 3\n"),
			.from = VIEW("1799999990"),
			.until = VIEW("1800000000"),
			.sample_rate = VIEW("200"),
			.spy = VIEW("ebpfspy") });

	assert_non_null(item);
	assert_view_equal(item->name, "process_cpu");
	assert_string_equal(label(item, "service_name"), "shop");
	assert_string_equal(label(item, "region"), "eu");
	assert_string_equal(label(item, "pyroscope_spy"), "ebpfspy");
	assert_int_equal(value_at(item->profile, "main;work"), 15000000);
	assert_true(item->profile->time_ns == NOW - 10 * SECOND_NS);
	assert_true(item->profile->duration_ns == 10 * SECOND_NS);
}

static void a_service_tag_makes_the_name_an_app(void **state)
{
	const struct intake_profile *item = read_as((struct legacy_request){
		.name = VIEW("job.alloc_space{service_name=shop}"), .body = VIEW("a 1\n") });

	assert_non_null(item);
	assert_string_equal(label(item, "service_name"), "shop");
	assert_string_equal(label(item, "app_name"), "job");
	assert_view_equal(item->name, "memory");
	assert_view_equal(profile_text(item->profile, item->profile->types[0].unit), "bytes");
}

static void a_dotted_name_that_says_no_kind_is_a_name(void **state)
{
	const struct intake_profile *item = read_as((struct legacy_request){
		.name = VIEW("my.service"), .body = VIEW("a 1\n"), .units = VIEW("objects") });

	assert_non_null(item);
	assert_string_equal(label(item, "service_name"), "my.service");
	assert_view_equal(item->name, "memory");
}

static void formats_are_chosen_as_clients_expect(void **state)
{
	const struct legacy_request cases[] = {
		{ .format = VIEW("lines"), .body = VIEW("main;work\nmain;work") },
		{ .format = VIEW("tree"), .body = VIEW("\0\0\1\4main\0\1\4work\2\0") },
		{ .format = VIEW("trie"), .body = VIEW("\0\0\1\11main;work\2\0") },
		{ .content_type = VIEW("binary/octet-stream+trie"),
			.body = VIEW("\0\0\1\11main;work\2\0") },
		{ .content_type = VIEW("binary/octet-stream+tree"),
			.body = VIEW("\0\0\1\4main\0\1\4work\2\0") },
		{ .format = VIEW("groups"), .body = VIEW("main;work 2\n") },
		{ .format = VIEW("whatever"), .body = VIEW("main;work 2\n") },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct intake_profile *item = read_as(cases[i]);

		assert_non_null(item);
		assert_int_equal(value_at(item->profile, "main;work"), 20000000);
		intake_batch_fini(&batch);
	}
}

static void bare_pprof_keeps_its_name_and_time(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;

	cpu_pprof(NOW - 5 * SECOND_NS, &pprof);
	item = read_as((struct legacy_request){ .name = VIEW("shop{otel.scope.name=x}"),
		.format = VIEW("pprof"),
		.content_type = VIEW("application/octet-stream"),
		.body = buf_view(&pprof) });
	assert_non_null(item);
	assert_view_equal(item->name, "process_cpu");
	assert_string_equal(label(item, "otel_scope_name"), "x");
	assert_string_equal(label(item, "service_name"), "shop");
	assert_true(item->profile->time_ns == NOW - 5 * SECOND_NS);
	assert_int_equal(item->profile->n_types, 2);
}

static void a_time_in_1970_is_none(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;

	cpu_pprof(5 * SECOND_NS, &pprof);
	item = read_as((struct legacy_request){
		.format = VIEW("pprof"), .from = VIEW("now-10s"), .body = buf_view(&pprof) });
	assert_non_null(item);
	assert_true(item->profile->time_ns == NOW - 10 * SECOND_NS);
}

static void form(const char *name, struct view body, struct buf *out)
{
	buf_add_format(out,
		"--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x\"\r\n\r\n", name);
	buf_add_view(out, body);
	buf_add_text(out, "\r\n");
}

static void a_form_has_the_profile_in_a_part(void **state)
{
	BUF_AUTO pprof = { 0 };
	BUF_AUTO body = { 0 };
	const struct intake_profile *item;

	cpu_pprof(NOW, &pprof);
	form("sample_type_config", VIEW("{\"cpu\":{\"units\":\"nanoseconds\"}}"), &body);
	form("profile", buf_view(&pprof), &body);
	form("sample_type_config", VIEW("{\"delay\":{\"display-name\":\"block_duration\"}}"),
		&body);
	buf_add_text(&body, "--b--\r\n");
	item = read_as((struct legacy_request){
		.content_type = VIEW("multipart/form-data; boundary=b"), .body = buf_view(&body) });
	assert_non_null(item);
	assert_int_equal(value_at(item->profile, "main;work"), 3);
	assert_view_equal(item->name, "block"); /* the types alone would not tell it from mutex */
}

static void old_clients_and_broken_forms_are_told(void **state)
{
	BUF_AUTO body = { 0 };

	form("prev_profile", VIEW("x"), &body);
	buf_add_text(&body, "--b--\r\n");
	assert_int_equal(
		refused((struct legacy_request){ .content_type =
							 VIEW("multipart/form-data; boundary=b"),
				.body = buf_view(&body) },
			"too old"),
		400);
	buf_clear(&body);
	form("other", VIEW("x"), &body);
	buf_add_text(&body, "--b--\r\n");
	refused((struct legacy_request){ .content_type = VIEW("multipart/form-data; boundary=b"),
			.body = buf_view(&body) },
		"no part 'profile'");
	refused((struct legacy_request){ .content_type = VIEW("multipart/form-data"),
			.body = buf_view(&body) },
		"no boundary");
}

static void spies_get_what_they_rely_on(void **state)
{
	PROFILE_AUTO made = profile_new();
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;
	struct function function = { .name = profile_string(made, VIEW("work")),
		.file = profile_string(made, VIEW("app.py")) };
	struct location location = { .n_lines = 1 };
	struct line line = { .line = 3 };

	profile_add_type(made, VIEW("gc-samples"), VIEW("count"), NULL);
	profile_add_type(made, VIEW("cpu-samples"), VIEW("count"), NULL);
	line.function = profile_function(made, &function);
	profile_add(made, profile_push(made, 0, profile_location(made, &location, &line)), 0,
		(int64_t[]){ 1, 2 });
	assert_int_equal(codec_pprof.encode(made, &pprof, NULL), 0);
	item = read_as((struct legacy_request){
		.format = VIEW("pprof"), .spy = VIEW("pyspy"), .body = buf_view(&pprof) });
	assert_non_null(item);
	assert_int_equal(value_at(item->profile, "app.py work"), 1);
	assert_view_equal(profile_text(item->profile, item->profile->types[0].type), "gc-samples");
	intake_batch_fini(&batch);
	item = read_as((struct legacy_request){
		.format = VIEW("pprof"), .spy = VIEW("dotnetspy"), .body = buf_view(&pprof) });
	assert_non_null(item);
	assert_int_equal(value_at(item->profile, "work"), 1);
	assert_view_equal(profile_text(item->profile, item->profile->types[1].type), "cpu_samples");
}

static void speedscope_says_its_units(void **state)
{
	static const char speedscope[] =
		"{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"shared\":"
		"{\"frames\":[{\"name\":\"main\"},{\"name\":\"work\"}]},\"profiles\":[{\"type\":"
		"\"sampled\",\"name\":\"x\",\"unit\":\"seconds\",\"startValue\":0,\"endValue\":2,"
		"\"samples\":[[0,1]],\"weights\":[2]}]}";
	const struct intake_profile *item = read_as(
		(struct legacy_request){ .format = VIEW("speedscope"), .body = VIEW(speedscope) });

	assert_non_null(item);
	assert_view_equal(item->name, "process_cpu");
	assert_int_equal(value_at(item->profile, "main;work"), 2000000000);
}

static void nonsense_in_the_query_is_told(void **state)
{
	assert_int_equal(
		refused((struct legacy_request){ .from = VIEW("yesterday"), .body = VIEW("a 1") },
			"from='yesterday' is no time"),
		400);
	refused(
		(struct legacy_request){
			.from = VIEW("now"), .until = VIEW("now-5s"), .body = VIEW("a 1") },
		"until is before from");
	refused((struct legacy_request){ .name = VIEW("x{"), .body = VIEW("a 1") },
		"closing brace");
}

static void a_bad_rate_is_a_hundred(void **state)
{
	const struct intake_profile *item = read_as(
		(struct legacy_request){ .sample_rate = VIEW("-3"), .body = VIEW("main;work 1") });

	assert_int_equal(value_at(item->profile, "main;work"), 10000000);
}

static void the_same_again_has_the_same_id_and_a_key_counts_more(void **state)
{
	struct legacy_request request = { .body = VIEW("a 1\n"), .from = VIEW("now-10s") };
	struct hash128 first = read_as(request)->id, other;

	intake_batch_fini(&batch);
	other = read_as(request)->id;
	assert_memory_equal(&first, &other, sizeof(first));
	intake_batch_fini(&batch);
	request.from = VIEW("now-20s");
	other = read_as(request)->id;
	assert_memory_not_equal(&first, &other, sizeof(first));
	intake_batch_fini(&batch);
	request.key = VIEW("k-1");
	first = read_as(request)->id;
	intake_batch_fini(&batch);
	request.from = VIEW("now-30s");
	other = read_as(request)->id;
	assert_memory_equal(&first, &other, sizeof(first));
}

#define CASE(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_text_becomes_what_its_name_says),
		CASE(a_service_tag_makes_the_name_an_app),
		CASE(a_dotted_name_that_says_no_kind_is_a_name),
		CASE(formats_are_chosen_as_clients_expect),
		CASE(bare_pprof_keeps_its_name_and_time),
		CASE(a_time_in_1970_is_none),
		CASE(a_form_has_the_profile_in_a_part),
		CASE(old_clients_and_broken_forms_are_told),
		CASE(spies_get_what_they_rely_on),
		CASE(speedscope_says_its_units),
		CASE(nonsense_in_the_query_is_told),
		CASE(a_bad_rate_is_a_hundred),
		CASE(the_same_again_has_the_same_id_and_a_key_counts_more),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
