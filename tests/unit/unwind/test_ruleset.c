/* test_ruleset: equal rules have one number; when the table is full, others are unsupported. */
#include "testing.h"

#include "unwind/ruleset.h"

static void numbers_equal_rules_once(void **state)
{
	struct ruleset set;

	assert_true(ruleset_init(&set, NULL, UNWIND_RULES_MAX));
	for (int pass = 0; pass < 2; pass++)
		for (int i = 1; i <= 5000; i++) {
			struct unwind_rule rule = { .cfa = UNWIND_CFA_RSP, .offset = 8 * i };

			assert_int_equal(ruleset_add(&set, &rule), i + 1);
		}
	assert_int_equal(set.count, 5002);
	assert_int_equal(set.rules[5001].offset, 40000);
	assert_int_equal(set.overflow, 0);
	ruleset_fini(&set);
}

static void begins_with_none_and_unsupported(void **state)
{
	struct unwind_rule none = { .cfa = UNWIND_CFA_NONE };
	struct unwind_rule unsupported = { .cfa = UNWIND_CFA_UNSUPPORTED };
	struct unwind_rule memory[4];
	struct ruleset set;

	assert_true(ruleset_init(&set, memory, 4));
	assert_int_equal(ruleset_add(&set, &none), RULESET_NONE);
	assert_int_equal(ruleset_add(&set, &unsupported), RULESET_UNSUPPORTED);
	assert_int_equal(memory[RULESET_NONE].cfa, UNWIND_CFA_NONE);
	ruleset_fini(&set);
}

static void counts_what_finds_no_room(void **state)
{
	struct unwind_rule memory[4];
	struct ruleset set;

	assert_true(ruleset_init(&set, memory, 4));
	for (int i = 1; i <= 5; i++) {
		struct unwind_rule rule = { .cfa = UNWIND_CFA_RBP, .offset = i };

		assert_int_equal(
			ruleset_add(&set, &rule), i <= 2 ? i + 1 : (int)RULESET_UNSUPPORTED);
	}
	assert_int_equal(set.overflow, 3);
	ruleset_fini(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_equal_rules_once),
		cmocka_unit_test(begins_with_none_and_unsupported),
		cmocka_unit_test(counts_what_finds_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
