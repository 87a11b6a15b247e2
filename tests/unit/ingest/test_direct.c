/* test_direct: profiles as curl sends them. */
#include "testing.h"

#include "ingest/direct.h"
#include "ingest/ingest_samples.h"

#define NOW (INT64_C(1800000000) * SECOND_NS)

static struct limits limits;
static struct intake_batch batch;
static struct refusal refusal;
static struct labelset labels;

static int start(void **state)
{
	limits_defaults(&limits);
	labelset_init(&labels, &batch.arena);
	return 0;
}

static int clean(void **state)
{
	intake_batch_fini(&batch);
	labelset_init(&labels, &batch.arena);
	return 0;
}

static const struct intake_profile *read_as(struct direct_request request)
{
	request.now_ns = NOW;
	request.labels = &labels;
	return direct_read(&request, &limits, &batch, &refusal) == 0 ? &batch.at[0] : NULL;
}

static void pprof_says_what_it_is(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;

	cpu_pprof(NOW - SECOND_NS, &pprof);
	assert_int_equal(direct_label(&labels, VIEW("region=eu=1"), &refusal), 0);
	item = read_as(
		(struct direct_request){ .service = VIEW("shop"), .body = buf_view(&pprof) });
	assert_non_null(item);
	assert_view_equal(item->name, "process_cpu");
	assert_view_equal(labelset_find(&item->labels, "service_name"), "shop");
	assert_view_equal(labelset_find(&item->labels, "region"), "eu=1");
	assert_true(item->profile->time_ns == NOW - SECOND_NS);
}

static void a_text_is_what_the_query_says(void **state)
{
	const struct intake_profile *item = read_as((struct direct_request){
		.service = VIEW("shop"), .type = VIEW("wall"), .body = VIEW("main;work 2\n") });

	assert_non_null(item);
	assert_view_equal(item->name, "wall");
	assert_int_equal(value_at(item->profile, "main;work"), 20000000);
	assert_true(item->profile->time_ns == NOW);
}

static void short_names_of_types_are_understood(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;

	cpu_pprof(NOW, &pprof);
	item = read_as((struct direct_request){
		.service = VIEW("shop"), .type = VIEW("offcpu"), .body = buf_view(&pprof) });
	assert_view_equal(item->name, "block");
	intake_batch_fini(&batch);
	labelset_init(&labels, &batch.arena);
	item = read_as((struct direct_request){
		.service = VIEW("shop"), .type = VIEW("my_kind"), .body = buf_view(&pprof) });
	assert_view_equal(item->name, "my_kind");
}

static void a_time_in_the_query_counts_more(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct intake_profile *item;

	cpu_pprof(NOW, &pprof);
	item = read_as((struct direct_request){ .service = VIEW("shop"),
		.from = VIEW("now-1h"),
		.until = VIEW("now-59m"),
		.body = buf_view(&pprof) });
	assert_true(item->profile->time_ns == NOW - 3600 * SECOND_NS);
	assert_true(item->profile->duration_ns == 60 * SECOND_NS);
}

static void nonsense_is_told(void **state)
{
	assert_null(read_as((struct direct_request){ .body = VIEW("a 1") }));
	assert_non_null(strstr(refusal.text, "service=NAME"));
	assert_null(read_as((struct direct_request){
		.service = VIEW("s"), .from = VIEW("x"), .body = VIEW("a 1") }));
	assert_non_null(strstr(refusal.text, "from='x' is no time"));
	assert_true(direct_label(&labels, VIEW("region"), &refusal) < 0);
	assert_true(direct_label(&labels, VIEW("=x"), &refusal) < 0);
	assert_true(direct_label(&labels, VIEW("__name__=x"), &refusal) < 0);
	assert_int_equal(refusal.status, 400);
}

#define CASE(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pprof_says_what_it_is),
		CASE(a_text_is_what_the_query_says),
		CASE(short_names_of_types_are_understood),
		CASE(a_time_in_the_query_counts_more),
		CASE(nonsense_is_told),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
