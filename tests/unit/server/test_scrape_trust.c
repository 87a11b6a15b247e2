/* test_scrape_trust: secrets come from the configuration or from files, without their newline. */
#include "testing.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "server/scrape_trust.h"

static void secrets_are_found(void **state)
{
	char path[] = "/tmp/flyover-secret-XXXXXX";
	struct scrape_job none = { 0 }, bearer = { .authorization = { "Bearer", "abc", NULL } },
			  from_file = { .authorization = { "Token", NULL, path } },
			  basic = { .basic_auth = { "ada", NULL, path } },
			  plain = { .basic_auth = { "ada", "x", NULL } };
	BUF_AUTO a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 }, e = { 0 };
	struct fetch_trust trust;

	close(mkstemp(path));
	assert_int_equal(disk_write(path, VIEW("s3cret\n"), NULL), 0);
	assert_int_equal(scrape_trust(&none, &a, &trust, NULL), 0);
	assert_null(trust.authorization);
	assert_null(trust.user);
	assert_int_equal(scrape_trust(&bearer, &b, &trust, NULL), 0);
	assert_string_equal(trust.authorization, "Bearer abc");
	assert_int_equal(scrape_trust(&from_file, &c, &trust, NULL), 0);
	assert_string_equal(trust.authorization, "Token s3cret");
	assert_int_equal(scrape_trust(&basic, &d, &trust, NULL), 0);
	assert_string_equal(trust.user, "ada");
	assert_string_equal(trust.password, "s3cret");
	assert_null(trust.authorization);
	assert_int_equal(scrape_trust(&plain, &e, &trust, NULL), 0);
	assert_string_equal(trust.password, "x");
	unlink(path);
}

static void a_file_that_is_gone_is_an_error(void **state)
{
	struct scrape_job job = { .authorization = { "Bearer", NULL, "/nonexistent/token" } };
	BUF_AUTO secret = { 0 };
	struct fetch_trust trust;
	struct err err = { 0 };

	assert_true(scrape_trust(&job, &secret, &trust, &err) < 0);
	assert_non_null(strstr(err.text, "/nonexistent/token"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_found),
		cmocka_unit_test(a_file_that_is_gone_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
