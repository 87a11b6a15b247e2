/* test_depot_fold: rows become blocks and blocks roll-ups, and nothing is left to do. */
#include "testing.h"

#include "store/depot_of.h"

static void nothing_is_left_to_do(void **state)
{
	char folder[64];
	struct depot *depot;
	struct rocks_range range = { .family = ROCKS_SAMPLES };
	struct rocks_walk walk;
	int n = 0;

	folder_make(folder);
	depot = depot_of(folder);
	for (int i = 0; i < 100; i++)
		assert_int_equal(conformance_put(&depot->store, "p1", i * 60, 0), 0);
	assert_int_equal(depot_fold(depot, WORKLOAD_START, NULL), 0); /* too early */
	assert_int_equal(depot->heads.n_rows, 100);
	assert_int_equal(depot_fold(depot, DEPOT_LATER, NULL), 0);
	assert_int_equal(depot->heads.n_rows, 0);
	assert_int_equal(depot->unrolled.count, 0);
	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rocks_walk_next(&walk))
		n++;
	rocks_walk_fini(&walk);
	assert_int_equal(n, 21 + 2 + 1); /* and what the series is */
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_left_to_do) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
