/* test_rowlist: rows merge, gaps show, lists lie over each other; against a plain array of bytes.
 */
#include "testing.h"

#include "unwind/rowlist.h"
#include "unwind/ruleset.h"

#define BASE 0x10000u
#define SIZE 4096u

static uint32_t rule_at(const struct rowlist *list, uint32_t pc)
{
	return rowlist_find(list, BASE + pc);
}

static bool add_function(struct rowlist *list, uint64_t start, uint64_t end, uint32_t rule)
{
	if (!rowlist_function(list, &start, &end))
		return false;
	rowlist_add(list, start, rule);
	return true;
}

static void keeps_only_rows_that_change_something(void **state)
{
	struct rowlist list = { .base = BASE, .end = BASE + SIZE };

	assert_true(add_function(&list, BASE, BASE + 64, 5));
	rowlist_add(&list, BASE + 8, 5);
	rowlist_add(&list, BASE + 16, 6);
	rowlist_add(&list, BASE + 16, 7); /* the later word counts */
	assert_true(add_function(&list, BASE + 64, BASE + 80, 7));
	rowlist_finish(&list);
	assert_int_equal(list.count, 3);
	assert_int_equal(rule_at(&list, 15), 5);
	assert_int_equal(rule_at(&list, 79), 7);
	assert_int_equal(rule_at(&list, 80), RULESET_NONE);
	rowlist_fini(&list);
}

static void shows_gaps_but_not_padding(void **state)
{
	struct rowlist list = { .base = BASE, .end = BASE + SIZE };

	add_function(&list, BASE + 32, BASE + 64, 5);
	add_function(&list, BASE + 64 + ROWLIST_GAP_MIN - 1, BASE + 128, 6);
	add_function(&list, BASE + 128 + ROWLIST_GAP_MIN, BASE + 256, 7);
	rowlist_finish(&list);
	assert_int_equal(rule_at(&list, 31), RULESET_NONE);
	assert_int_equal(rule_at(&list, 70), 5);
	assert_int_equal(rule_at(&list, 130), RULESET_NONE);
	assert_int_equal(rule_at(&list, 256), RULESET_NONE);
	rowlist_fini(&list);
}

static void cuts_what_overlaps_or_lies_outside(void **state)
{
	struct rowlist list = { .base = BASE, .end = BASE + SIZE };

	assert_true(add_function(&list, BASE - 100, BASE + 64, 5));
	assert_false(add_function(&list, BASE + 16, BASE + 64, 6));
	assert_true(add_function(&list, BASE + 32, BASE + 96, 7));
	assert_true(add_function(&list, BASE + 128, UINT64_MAX, 8));
	assert_false(add_function(&list, BASE + SIZE, BASE + SIZE + 64, 9));
	rowlist_finish(&list);
	assert_int_equal(rule_at(&list, 63), 5);
	assert_int_equal(rule_at(&list, 64), 7);
	assert_int_equal(rule_at(&list, SIZE - 1), 8);
	rowlist_fini(&list);
}

/* Random functions in two lists, and the same painted over two arrays. */
static void overlays_as_an_array_would(void **state)
{
	static uint32_t plain[2][SIZE];
	struct rowlist lists[2] = { { .base = BASE, .end = BASE + SIZE },
		{ .base = BASE, .end = BASE + SIZE } };
	unsigned seed = 7;

	for (int which = 0; which < 2; which++) {
		uint32_t at = 0;

		while (at < SIZE - 200) {
			uint32_t len, rule;

			seed = seed * 1103515245 + 12345;
			at += seed >> 16 & 1 ? 0 : ROWLIST_GAP_MIN + (seed >> 20 & 31);
			len = 1 + (seed >> 17 & 63);
			rule = 2 + (seed >> 25 & 3);
			add_function(&lists[which], BASE + at, BASE + at + len, rule);
			for (uint32_t i = 0; i < len; i++)
				plain[which][at + i] = rule;
			at += len;
		}
		rowlist_finish(&lists[which]);
	}
	rowlist_overlay(&lists[0], &lists[1]);
	for (uint32_t pc = 0; pc < SIZE; pc++)
		assert_int_equal(
			rule_at(&lists[0], pc), plain[0][pc] ? plain[0][pc] : plain[1][pc]);
	for (size_t i = 1; i < lists[0].count; i++) {
		assert_true(lists[0].rows[i - 1].pc < lists[0].rows[i].pc);
		assert_int_not_equal(lists[0].rows[i - 1].rule, lists[0].rows[i].rule);
	}
	rowlist_fini(&lists[0]);
	rowlist_fini(&lists[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_only_rows_that_change_something),
		cmocka_unit_test(shows_gaps_but_not_padding),
		cmocka_unit_test(cuts_what_overlaps_or_lies_outside),
		cmocka_unit_test(overlays_as_an_array_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
