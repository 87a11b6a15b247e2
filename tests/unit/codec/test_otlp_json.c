/* test_otlp_json: JSON and protobuf say the same. */
#include "otlp_message.h"

static void json_of_a_profile_is_the_profile(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = profile_new();
	BUF_AUTO message = { 0 };
	BUF_AUTO text = { 0 };
	BUF_AUTO again = { 0 };

	assert_int_equal(otlp_encode(p, &message, NULL), 0);
	assert_int_equal(otlp_json_write(buf_view(&message), &text, NULL), 0);
	assert_int_equal(otlp_json_read(buf_view(&text), &again, NULL), 0);
	assert_int_equal(otlp_decode(buf_view(&text), q, NULL), 0);
	assert_totals_equal(p, q);
	assert_true(again.len > 0);
}

static void ids_are_hex(void **state)
{
	BUF_AUTO message = { 0 };
	BUF_AUTO text = { 0 };

	put_dictionary(&message);
	assert_int_equal(otlp_json_write(buf_view(&message), &text, NULL), 0);
	buf_add_char(&text, '\0');
	assert_non_null(strstr(text.at, "\"traceId\":\"4142434445464748494a4b4c4d4e4f50\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_of_a_profile_is_the_profile),
		cmocka_unit_test(ids_are_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
