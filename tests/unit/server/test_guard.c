/* test_guard: only names of this server are answered. */
#include "testing.h"

#include "server/guard.h"

static const struct guard here = { .bound = "127.0.0.1", .port = 9090 };

static void loopback_names_with_the_port_are_ours(void **state)
{
	assert_true(guard_allows(&here, "127.0.0.1:9090"));
	assert_true(guard_allows(&here, "localhost:9090"));
	assert_true(guard_allows(&here, "LOCALHOST:9090"));
	assert_true(guard_allows(&here, "[::1]:9090"));
}

static void names_that_were_pointed_at_us_are_not(void **state)
{
	assert_false(guard_allows(&here, "evil.example:9090"));
	assert_false(guard_allows(&here, "evil.example"));
	assert_false(guard_allows(&here, "localhost.evil.example:9090"));
	assert_false(guard_allows(&here, "127.0.0.1:9091"));
	assert_false(guard_allows(&here, "127.0.0.1"));
	assert_false(guard_allows(&here, ""));
}

static void the_default_port_may_be_left_out(void **state)
{
	const struct guard web = { .bound = "127.0.0.1", .port = 80 };

	assert_true(guard_allows(&web, "localhost"));
	assert_true(guard_allows(&web, "localhost:80"));
	assert_false(guard_allows(&web, "localhost:8"));
	assert_false(guard_allows(&web, "localhos"));
}

static void beyond_loopback_every_name_is_taken(void **state)
{
	const struct guard far = { .bound = "0.0.0.0", .port = 9090, .any_host = true };

	assert_true(guard_allows(&far, "build-host:9090"));
}

static void headers_come_in_pairs_and_forbid_inline_code(void **state)
{
	size_t n = 0;
	bool has_policy = false;

	for (; guard_headers[n]; n++)
		if (strcmp(guard_headers[n], "Content-Security-Policy") == 0) {
			has_policy = true;
			assert_non_null(strstr(guard_headers[n + 1], "script-src 'self'"));
			assert_non_null(strstr(guard_headers[n + 1], "require-trusted-types-for"));
			assert_null(strstr(guard_headers[n + 1], "unsafe"));
		}
	assert_true(has_policy);
	assert_int_equal(n % 2, 0);
}

static void pages_of_named_origins_may_frame_ours(void **state)
{
	const char *origins[] = { "https://grafana.example.org", "http://127.0.0.1:3000" };
	struct guard_embedding embedding;
	size_t n = 0;

	assert_int_equal(guard_embed(&embedding, origins, 2), 0);
	assert_non_null(strstr(embedding.policy,
		"; frame-ancestors https://grafana.example.org http://127.0.0.1:3000; "));
	assert_non_null(strstr(embedding.policy, "trusted-types 'none'"));
	for (; embedding.headers[n]; n++)
		if (n != 1)
			assert_string_equal(embedding.headers[n], guard_headers[n]);
	assert_null(guard_headers[n]);
	guard_embed_fini(&embedding);
}

static void an_origin_ends_no_directive(void **state)
{
	assert_true(guard_is_origin("https://grafana.example.org"));
	assert_true(guard_is_origin("https://*.example.org:8443"));
	assert_true(guard_is_origin("http://[::1]:3000"));
	assert_false(guard_is_origin("https://"));
	assert_false(guard_is_origin("grafana.example.org"));
	assert_false(guard_is_origin("*"));
	assert_false(guard_is_origin("https://a.example; script-src *"));
	assert_false(guard_is_origin("https://a.example/path"));
	assert_false(guard_is_origin("https://a.example\r\nX: y"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_names_with_the_port_are_ours),
		cmocka_unit_test(names_that_were_pointed_at_us_are_not),
		cmocka_unit_test(the_default_port_may_be_left_out),
		cmocka_unit_test(beyond_loopback_every_name_is_taken),
		cmocka_unit_test(pages_of_named_origins_may_frame_ours),
		cmocka_unit_test(an_origin_ends_no_directive),
		cmocka_unit_test(headers_come_in_pairs_and_forbid_inline_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
