/* test_otlpanswer: the bytes that OTLP's senders know. */
#include "testing.h"

#include "ingest/otlpanswer.h"

static void all_taken_is_said_by_nothing(void **state)
{
	struct otlpmessage_rejected none = { 0 };
	BUF_AUTO out = { 0 };

	otlpanswer_response(&none, false, &out);
	assert_int_equal(out.len, 0);
	otlpanswer_response(&none, true, &out);
	assert_view_equal(buf_view(&out), "{}");
}

static void a_part_is_counted_and_explained(void **state)
{
	struct otlpmessage_rejected some = { .profiles = 2, .first = { .text = "too old" } };
	BUF_AUTO proto = { 0 };
	BUF_AUTO json = { 0 };

	otlpanswer_response(&some, false, &proto);
	assert_view_equal(buf_view(&proto), "\x0a\x0b\x08\x02\x12\x07too old");
	otlpanswer_response(&some, true, &json);
	assert_view_equal(buf_view(&json),
		"{\"partialSuccess\":{\"rejectedProfiles\":\"2\",\"errorMessage\":\"too old\"}}");
}

static void a_refusal_has_grpcs_code_and_when_to_come_again(void **state)
{
	struct refusal busy = { .status = 429, .retry_after_s = 7, .text = "slowly" };
	BUF_AUTO proto = { 0 };
	BUF_AUTO json = { 0 };

	otlpanswer_status(&busy, false, &proto);
	assert_view_equal(buf_view(&proto),
		"\x08\x08\x12\x06slowly\x1a\x30\x0a\x28"
		"type.googleapis.com/google.rpc.RetryInfo\x12\x04\x0a\x02\x08\x07");
	otlpanswer_status(&busy, true, &json);
	assert_view_equal(buf_view(&json), "{\"code\":8,\"message\":\"slowly\"}");
}

static void what_will_not_change_is_no_code_of_trying_again(void **state)
{
	static const struct {
		unsigned status;
		enum otlpanswer_code code;
	} all[] = { { 400, 3 }, { 401, 16 }, { 403, 7 }, { 404, 5 }, { 413, 8 }, { 415, 12 },
		{ 422, 3 }, { 429, 8 }, { 500, 13 }, { 503, 14 } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_int_equal(otlpanswer_code(all[i].status), all[i].code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_taken_is_said_by_nothing),
		cmocka_unit_test(a_part_is_counted_and_explained),
		cmocka_unit_test(a_refusal_has_grpcs_code_and_when_to_come_again),
		cmocka_unit_test(what_will_not_change_is_no_code_of_trying_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
