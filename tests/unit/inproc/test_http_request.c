/* test_http_request: strict reading of the little HTTP that we serve. */
#include <stdio.h>
#include <stdlib.h>

#include "inproc/http_request.h"
#include "testing.h"

static struct http_request r;

static int parse(const char *text)
{
	return http_request_parse(view_of(text), &r);
}

static void a_request_is_read_whole(void **state)
{
	assert_int_equal(parse("GET /debug/pprof/profile?seconds=5&hz=99 HTTP/1.1\r\n"
			       "Host: localhost:6060\r\nAuthorization: Bearer x\r\n\r\n"),
		200);
	assert_int_equal(r.method, HTTP_GET);
	assert_view_equal(r.path, "/debug/pprof/profile");
	assert_view_equal(http_request_argument(&r, "seconds"), "5");
	assert_view_equal(http_request_argument(&r, "hz"), "99");
	assert_view_equal(http_request_argument(&r, "h"), "");
	assert_view_equal(r.host, "localhost:6060");
}

static void more_is_waited_for(void **state)
{
	assert_int_equal(parse(""), 0);
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\n"), 0);
	assert_int_equal(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab"), 0);
	assert_int_equal(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"), 200);
	assert_view_equal(r.body, "abc");
}

static void what_is_ambiguous_is_refused(void **state)
{
	static const struct {
		const char *text;
		int status;
	} bad[] = {
		{ "GET / HTTP/1.1\r\n\r\n", 400 }, /* no host */
		{ "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\nHost: a\r\n\r\n", 400 },
		{ "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
		{ "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
		{ "GET / SMTP\r\nHost: a\r\n\r\n", 400 },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3x\r\n\r\nabc", 400 },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
			400 },
		{ "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501 },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n", 413 },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n",
			400 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(bad[i].text), bad[i].status);
}

static void a_head_without_end_is_refused(void **state)
{
	char *long_text = malloc(HTTP_REQUEST_MAX);
	struct http_request request;

	memset(long_text, 'a', HTTP_REQUEST_MAX);
	assert_int_equal(
		http_request_parse((struct view){ long_text, HTTP_REQUEST_MAX }, &request), 431);
	free(long_text);
}

static bool admits(const char *authorization)
{
	r = (struct http_request){ .authorization = view_of(authorization) };
	return http_request_has_token(&r, "secret");
}

static void a_token_comes_as_bearer_or_password(void **state)
{
	assert_true(admits("Bearer secret"));
	assert_true(admits("bearer  secret"));
	assert_true(admits("Basic OnNlY3JldA=="));     /* :secret */
	assert_true(admits("Basic dXNlcjpzZWNyZXQ=")); /* user:secret */
	assert_false(admits("Basic c2VjcmV0"));        /* secret, without a user */
	assert_false(admits("Bearer secre"));
	assert_false(admits("Bearer secrets"));
	assert_false(admits("Bearer "));
	assert_false(admits("secret"));
	assert_false(admits("Basic !!!"));
	assert_false(admits(""));
}

static bool local(const char *host)
{
	r = (struct http_request){ .host = view_of(host) };
	return http_request_is_local(&r);
}

static void only_names_of_this_machine_are_local(void **state)
{
	assert_true(local("localhost"));
	assert_true(local("LOCALHOST:6060"));
	assert_true(local("127.0.0.1:1"));
	assert_true(local("[::1]:6060"));
	assert_false(local("evil.example"));
	assert_false(local("127.evil.example:6060"));
	assert_false(local("localhost.evil.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read_whole),
		cmocka_unit_test(more_is_waited_for),
		cmocka_unit_test(what_is_ambiguous_is_refused),
		cmocka_unit_test(a_head_without_end_is_refused),
		cmocka_unit_test(a_token_comes_as_bearer_or_password),
		cmocka_unit_test(only_names_of_this_machine_are_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
