/* test_credentials: secrets come from files, and options that contradict each other are refused. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/credentials.h"

static char file[] = "/tmp/flyover-secret-XXXXXX";

static int start(void **state)
{
	int fd = mkstemp(file);
	bool all = write(fd, "abc\r\n", 5) == 5;

	close(fd);
	return all ? 0 : -1;
}

static int stop(void **state)
{
	return unlink(file);
}

static void a_token_is_what_the_file_has_without_its_end(void **state)
{
	struct credentials_wish wish = { .token_file = file, .tenant = "shop", .ca_file = "ca" };
	struct credentials c;

	assert_int_equal(credentials_read(&wish, &c, NULL), 0);
	assert_string_equal(c.trust.authorization, "Bearer abc");
	assert_string_equal(c.trust.tenant, "shop");
	assert_string_equal(c.trust.ca_file, "ca");
	assert_null(c.trust.user);
	credentials_fini(&c);
	assert_null(c.trust.authorization);
}

static void a_user_has_a_password(void **state)
{
	struct credentials_wish wish = { .user = "ada", .password_file = file };
	struct credentials c;

	assert_int_equal(credentials_read(&wish, &c, NULL), 0);
	assert_string_equal(c.trust.user, "ada");
	assert_string_equal(c.trust.password, "abc");
	assert_null(c.trust.authorization);
	credentials_fini(&c);
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const struct credentials_wish wrong[] = {
		{ .user = "ada" },
		{ .password_file = file },
		{ .user = "ada", .password_file = file, .token_file = file },
		{ .cert_file = "cert.pem" },
		{ .key_file = "key.pem" },
	};
	struct credentials c;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err err = { 0 };

		assert_int_equal(credentials_read(&wrong[i], &c, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "--"));
		credentials_fini(&c);
	}
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct credentials_wish wish = { .token_file = "/nonexistent/token" };
	struct credentials c;
	struct err err;

	assert_int_equal(credentials_read(&wish, &c, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nonexistent/token"));
	credentials_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_what_the_file_has_without_its_end),
		cmocka_unit_test(a_user_has_a_password),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
