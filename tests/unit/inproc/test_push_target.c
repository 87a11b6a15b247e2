/* test_push_target: URLs to push to, and what is said of those that are none. */
#include "inproc/push_target.h"

#include "testing.h"

static struct push_target parse(const char *url)
{
	struct push_target target;
	struct err err;

	if (push_target_parse(url, &target, &err) < 0)
		fail_msg("%s: %s", url, err.text);
	return target;
}

static void refuse(const char *url, int code, const char *word)
{
	struct push_target target;
	struct err err;

	assert_int_equal(push_target_parse(url, &target, &err), code);
	assert_non_null(strstr(err.text, word));
}

static void a_base_gets_ingest_and_a_path_stays(void **state)
{
	struct push_target target = parse("http://localhost:4040");

	assert_string_equal(target.host, "localhost");
	assert_int_equal(target.port, 4040);
	assert_string_equal(target.path, "/ingest");
	assert_string_equal(parse("http://example/").path, "/ingest");
	assert_int_equal(parse("http://example/").port, 80);
	assert_string_equal(parse("http://example:1/pyroscope/").path, "/pyroscope/ingest");
	assert_string_equal(parse("http://example:1/receiver").path, "/receiver");
	assert_string_equal(parse("localhost:4040").path, "/ingest");
	target = parse("http://[::1]:4040/x");
	assert_string_equal(target.host, "::1");
	assert_int_equal(target.port, 4040);
	target = parse("unix:/run/agent.sock");
	assert_true(target.is_unix);
	assert_string_equal(target.host, "/run/agent.sock");
}

static void credentials_are_unescaped_and_encoded(void **state)
{
	char text[8];

	assert_string_equal(parse("http://a:b@h:1").basic, "YTpi");
	assert_string_equal(parse("http://me:p%40ss@h:1").basic, "bWU6cEBzcw==");
	assert_string_equal(parse("http://h:1/a@b").basic, "");
	assert_true(push_target_base64(VIEW("abc"), text, sizeof(text)));
	assert_string_equal(text, "YWJj");
	assert_false(push_target_base64(VIEW("abcdef"), text, sizeof(text)));
}

static void what_is_no_url_is_refused_in_a_sentence(void **state)
{
	refuse("https://example", ERR_UNSUPPORTED, "no TLS");
	refuse("ftp://example", ERR_USAGE, "http://");
	refuse("http://", ERR_USAGE, "HOST:PORT");
	refuse("http://h:0", ERR_USAGE, "HOST:PORT");
	refuse("http://h:99999", ERR_USAGE, "HOST:PORT");
	refuse("http://[::1", ERR_USAGE, "HOST:PORT");
	refuse("http://a b:1", ERR_USAGE, "HOST:PORT");
	refuse("http://h:1/a?b=c", ERR_USAGE, "query");
	refuse("http://h:1/a b", ERR_USAGE, "space");
	refuse("http://h%zz@x:1", ERR_USAGE, "USER:PASSWORD");
	refuse("unix:", ERR_USAGE, "socket");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_base_gets_ingest_and_a_path_stays),
		cmocka_unit_test(credentials_are_unescaped_and_encoded),
		cmocka_unit_test(what_is_no_url_is_refused_in_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
