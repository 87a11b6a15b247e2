/* test_rulebook: limits that are replaced, and those that somebody still goes by. */
#include "testing.h"

#include "ingest/rulebook.h"

static void what_was_given_stays_good(void **state)
{
	const struct limits *before, *after;
	struct limits limits;
	struct rulebook *book;

	limits_defaults(&limits);
	limits.samples = 1;
	book = rulebook_new(&limits);
	assert_non_null(book);
	before = rulebook_limits(book);
	limits.samples = 2;
	assert_int_equal(before->samples, 1);
	assert_true(rulebook_replace(book, &limits));
	after = rulebook_limits(book);
	assert_int_equal(before->samples, 1);
	assert_int_equal(after->samples, 2);
	rulebook_free(book);
	rulebook_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_given_stays_good) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
