/* test_api_url: addresses of a server's questions, and sources that are selections. */
#include "testing.h"

#include "cli/api_url.h"

static void parts_are_escaped(void **state)
{
	BUF_AUTO url = { 0 };

	api_url_begin(&url, VIEW("http://host:4040//"), "label/");
	api_url_add_part(&url, VIEW("a/b"));
	api_url_add(&url, "query", VIEW("{a=\"b&c\"}"));
	api_url_add(&url, "from", VIEW("now-1h"));
	assert_view_equal(buf_view(&url),
		"http://host:4040/api/v1/label/a%2Fb?query=%7Ba%3D%22b%26c%22%7D&from=now-1h");
}

static void a_selection_has_braces_after_its_server(void **state)
{
	assert_true(api_url_is_selection("http://h:1/{}"));
	assert_true(api_url_is_selection("https://h/cpu{a=\"b\"}?from=now-1h"));
	assert_false(api_url_is_selection("http://h:1/debug/pprof/profile"));
	assert_false(api_url_is_selection("a{b}.pb.gz"));
	assert_false(api_url_is_selection("ftp://h/{}"));
	assert_false(api_url_is_selection("http://{}"));
	assert_false(api_url_is_selection("http://h{}"));
}

static void expect_url(const char *source, const char *expected)
{
	BUF_AUTO url = { 0 };

	assert_true(api_url_is_selection(source));
	assert_int_equal(api_url_of_selection(source, &url, NULL), 0);
	assert_view_equal(buf_view(&url), expected);
}

static void a_selection_is_a_profile_of_its_server(void **state)
{
	expect_url("http://h:1/{}", "http://h:1/api/v1/profile?query=%7B%7D");
	expect_url("http://h:1/below/cpu{a=\"/x}?\"}?from=now-1h&until=now",
		"http://h:1/below/api/v1/"
		"profile?query=cpu%7Ba%3D%22%2Fx%7D%3F%22%7D&from=now-1h&until=now");
	expect_url("http://h:1/{}?", "http://h:1/api/v1/profile?query=%7B%7D");
}

static void what_is_not_closed_is_refused_with_a_sentence(void **state)
{
	BUF_AUTO url = { 0 };
	struct err err;

	assert_int_equal(api_url_of_selection("http://h:1/{a=\"b\"", &url, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "closing brace"));
	assert_int_equal(api_url_of_selection("http://h:1/{}from=now", &url, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "from=now"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_escaped),
		cmocka_unit_test(a_selection_has_braces_after_its_server),
		cmocka_unit_test(a_selection_is_a_profile_of_its_server),
		cmocka_unit_test(what_is_not_closed_is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
