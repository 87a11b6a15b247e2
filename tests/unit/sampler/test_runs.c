/* test_runs: room for mappings is shared, and reused only when nobody can see it. */
#include "testing.h"

#include "sampler/runs.h"

static void gives_room_that_does_not_overlap(void **state)
{
	struct runs runs;
	struct run *a, *b;

	assert_int_equal(runs_init(&runs, 10), 0);
	a = runs_add(&runs, 4);
	b = runs_add(&runs, 6);
	assert_non_null(a);
	assert_non_null(b);
	assert_true(a->first + a->n <= b->first || b->first + b->n <= a->first);
	assert_null(runs_add(&runs, 1));
	assert_null(runs_add(&runs, 0));
	runs_fini(&runs);
}

static void keeps_a_run_for_two_drains_after_its_last_reference(void **state)
{
	struct runs runs;
	struct run *a;

	assert_int_equal(runs_init(&runs, 10), 0);
	a = runs_add(&runs, 10);
	runs_ref(&runs, a);
	runs_unref(&runs, a, 1);
	runs_settle(&runs, 100);
	assert_null(runs_add(&runs, 1)); /* one reference is left */
	runs_unref(&runs, a, 100);
	runs_settle(&runs, 100 + RUNS_GRACE);
	assert_null(runs_add(&runs, 1));
	runs_settle(&runs, 100 + RUNS_GRACE + 1);
	assert_non_null(runs_add(&runs, 10));
	runs_fini(&runs);
}

static void a_child_can_take_up_a_run_its_parent_gave_back(void **state)
{
	struct runs runs;
	struct run *a;

	assert_int_equal(runs_init(&runs, 10), 0);
	a = runs_add(&runs, 10);
	runs_unref(&runs, a, 1);
	assert_ptr_equal(runs_find(&runs, a->first), a);
	runs_settle(&runs, 100);
	assert_null(runs_add(&runs, 1));
	assert_null(runs_find(&runs, 7));
	runs_fini(&runs);
}

static void joins_gaps_in_whatever_order_they_come_back(void **state)
{
	static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 0, 2, 1 }, { 1, 0, 2 } };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct runs runs;
		struct run *all[3];

		assert_int_equal(runs_init(&runs, 9), 0);
		for (int j = 0; j < 3; j++)
			all[j] = runs_add(&runs, 3);
		for (int j = 0; j < 3; j++)
			runs_unref(&runs, all[orders[i][j]], (uint64_t)j);
		for (uint64_t drain = 0; drain < 9; drain++)
			runs_settle(&runs, drain);
		assert_int_equal(runs.n_gaps, 1);
		assert_non_null(runs_add(&runs, 9));
		runs_fini(&runs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_room_that_does_not_overlap),
		cmocka_unit_test(keeps_a_run_for_two_drains_after_its_last_reference),
		cmocka_unit_test(a_child_can_take_up_a_run_its_parent_gave_back),
		cmocka_unit_test(joins_gaps_in_whatever_order_they_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
