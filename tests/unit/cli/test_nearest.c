/* test_nearest: slips of the hand are recognised, other words are not. */
#include "testing.h"

#include "cli/nearest.h"

static const char *pick(const char *typed)
{
	static const char *const names[] = { "record", "report", "view", "frequency", "pid" };
	const char *best = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nearest_consider(typed, names[i], &best);
	return best;
}

static void counts_edits_and_a_swap_as_one(void **state)
{
	assert_int_equal(nearest_distance("record", "record"), 0);
	assert_int_equal(nearest_distance("recrod", "record"), 1);
	assert_int_equal(nearest_distance("recor", "record"), 1);
	assert_int_equal(nearest_distance("xrecord", "record"), 1);
	assert_int_equal(nearest_distance("", "view"), 4);
	assert_int_equal(nearest_distance("kitten", "sitting"), 3);
}

static void picks_the_nearest(void **state)
{
	assert_string_equal(pick("recrod"), "record");
	assert_string_equal(pick("reprot"), "report");
	assert_string_equal(pick("freqency"), "frequency");
}

static void the_beginning_of_a_name_is_meant_as_the_name(void **state)
{
	assert_string_equal(pick("freq"), "frequency");
}

static void something_else_suggests_nothing(void **state)
{
	assert_null(pick("database"));
	assert_null(pick(""));
	assert_null(pick("q"));
}

static void a_very_long_word_is_no_slip(void **state)
{
	char word[200];

	memset(word, 'r', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(pick(word));
	assert_int_equal(nearest_distance(word, word), NEAREST_WORD_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_edits_and_a_swap_as_one),
		cmocka_unit_test(picks_the_nearest),
		cmocka_unit_test(the_beginning_of_a_name_is_meant_as_the_name),
		cmocka_unit_test(something_else_suggests_nothing),
		cmocka_unit_test(a_very_long_word_is_no_slip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
