/* test_pushmessage: PushRequest in both of its forms. */
#include "testing.h"

#include "ingest/ingest_samples.h"
#include "ingest/pushmessage.h"
#include "wire/proto.h"

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

static void label(struct buf *out, const char *name, const char *value)
{
	size_t begun = proto_begin(out, 1);

	proto_put_bytes(out, 1, view_of(name));
	proto_put_bytes(out, 2, view_of(value));
	proto_end(out, begun);
}

static void sample(struct buf *out, struct view raw)
{
	size_t begun = proto_begin(out, 2);

	proto_put_bytes(out, 1, raw);
	proto_put_bytes(out, 2, VIEW("id-1"));
	proto_end(out, begun);
}

/* Its sample comes before its labels, as may be. */
static void message(struct buf *out, bool named)
{
	BUF_AUTO pprof = { 0 };
	size_t begun = proto_begin(out, 1);

	cpu_pprof(SECOND_NS, &pprof);
	sample(out, buf_view(&pprof));
	if (named)
		label(out, "__name__", "process_cpu");
	label(out, "service_name", "shop");
	label(out, "__delta__", "false");
	proto_end(out, begun);
}

static void protobuf_is_read(void **state)
{
	BUF_AUTO bytes = { 0 };

	message(&bytes, true);
	message(&bytes, true);
	assert_int_equal(pushmessage_proto(buf_view(&bytes), &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 2);
	assert_view_equal(batch.at[0].name, "process_cpu");
	assert_int_equal(batch.at[1].labels.n, 1);
	assert_view_equal(labelset_find(&batch.at[1].labels, "service_name"), "shop");
	assert_int_equal(value_at(batch.at[0].profile, "main;work"), 3);
	assert_memory_equal(&batch.at[0].id, &batch.at[1].id, sizeof(batch.at[0].id));
}

static void base64(struct view bytes, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (i + k < bytes.len ? (uint8_t)bytes.at[i + k] : 0);
		for (int k = 3; k >= 0; k--)
			buf_add_char(out,
				i + 3 - (size_t)k > bytes.len ? '=' : digits[bits >> (6 * k) & 63]);
	}
}

static void json_is_read(void **state)
{
	BUF_AUTO pprof = { 0 };
	BUF_AUTO text = { 0 };

	cpu_pprof(SECOND_NS, &pprof);
	buf_add_text(&text, "{\"series\":[{\"samples\":[{\"rawProfile\":\"");
	base64(buf_view(&pprof), &text);
	buf_add_text(&text,
		"\",\"ID\":\"x\"}],\"labels\":[{\"name\":\"__name__\",\"value\":"
		"\"process_cpu\"},{\"value\":\"sh\\u006fp\",\"name\":\"service_name\"}],"
		"\"annotations\":null,\"later\":{}}]}");
	assert_int_equal(pushmessage_json(buf_view(&text), &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 1);
	assert_view_equal(labelset_find(&batch.at[0].labels, "service_name"), "shop");
	assert_int_equal(value_at(batch.at[0].profile, "main;work"), 3);
}

static void an_empty_message_is_one(void **state)
{
	assert_int_equal(pushmessage_proto(VIEW(""), &limits, &batch, &refusal), 0);
	assert_int_equal(pushmessage_json(VIEW("{}"), &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 0);
}

static void a_series_needs_a_name(void **state)
{
	BUF_AUTO bytes = { 0 };

	message(&bytes, false);
	assert_true(pushmessage_proto(buf_view(&bytes), &limits, &batch, &refusal) < 0);
	assert_int_equal(refusal.status, 400);
	assert_non_null(strstr(refusal.text, "__name__"));
}

static void too_many_profiles_are_refused(void **state)
{
	BUF_AUTO bytes = { 0 };

	limits.profiles = 2;
	for (int i = 0; i < 3; i++)
		message(&bytes, true);
	assert_true(pushmessage_proto(buf_view(&bytes), &limits, &batch, &refusal) < 0);
	assert_int_equal(refusal.status, 413);
	assert_non_null(strstr(refusal.text, "limits.profiles"));
	limits_defaults(&limits);
}

static void what_is_cut_anywhere_is_refused(void **state)
{
	BUF_AUTO bytes = { 0 };

	message(&bytes, true);
	for (size_t len = 1; len < bytes.len; len++) {
		assert_true(pushmessage_proto(
				    (struct view){ bytes.at, len }, &limits, &batch, &refusal) < 0);
		assert_int_equal(refusal.status, 400);
		intake_batch_fini(&batch);
	}
	assert_true(pushmessage_json(VIEW("{\"series\":[{"), &limits, &batch, &refusal) < 0);
	assert_true(pushmessage_json(VIEW("[]"), &limits, &batch, &refusal) < 0);
	assert_true(pushmessage_json(VIEW("{\"series\":[{\"samples\":[{\"rawProfile\":\"*\"}]}]}"),
			    &limits, &batch, &refusal) < 0);
}

#define CASE(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(protobuf_is_read),
		CASE(json_is_read),
		CASE(an_empty_message_is_one),
		CASE(a_series_needs_a_name),
		CASE(too_many_profiles_are_refused),
		CASE(what_is_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
