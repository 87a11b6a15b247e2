/* test_httpd_reply: headers that a handler adds. */
#include "testing.h"

#include "net/httpd.h"

static void a_header_is_kept_with_its_value(void **state)
{
	struct httpd_reply reply = { 0 };

	httpd_reply_header(&reply, "Retry-After", "%d", 7);
	assert_int_equal(reply.n_headers, 1);
	assert_string_equal(reply.headers[0].name, "Retry-After");
	assert_string_equal(reply.headers[0].value, "7");
}

static void a_long_value_is_cut_and_too_many_are_left_out(void **state)
{
	struct httpd_reply reply = { 0 };

	for (int i = 0; i < 2 * HTTPD_HEADERS_MAX; i++)
		httpd_reply_header(&reply, "X", "%0*d", 2 * HTTPD_HEADER_MAX, 1);
	assert_int_equal(reply.n_headers, HTTPD_HEADERS_MAX);
	assert_int_equal(strlen(reply.headers[0].value), HTTPD_HEADER_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_kept_with_its_value),
		cmocka_unit_test(a_long_value_is_cut_and_too_many_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
