/* test_catalog_days: what the series of a day are stands in the day's own keys, once. */
#include "testing.h"

#include "store/depot_of.h"

static unsigned described(struct depot *depot)
{
	struct rocks_key key = rocks_key_about(store_day(WORKLOAD_START), 0);
	struct rocks_range range = { .family = ROCKS_SAMPLES, .prefix = { (char *)key.at, 5 } };
	struct rocks_walk walk;
	unsigned n = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rocks_walk_next(&walk))
		n += walk.value.len > 0;
	rocks_walk_fini(&walk);
	return n;
}

static void each_series_is_described_on_its_day(void **state)
{
	struct depot *depot;
	char folder[64];

	folder_make(folder);
	depot = depot_of(folder);
	assert_int_equal(conformance_put(&depot->store, "p1", 1, 0), 0);
	assert_int_equal(described(depot), 1);
	assert_int_equal(conformance_put(&depot->store, "p2", 1, 0), 0);
	assert_int_equal(conformance_put(&depot->store, "p1", 2, 0), 0);
	assert_int_equal(described(depot), 2);
	store_close(&depot->store);
	depot = depot_of(folder);
	assert_int_equal(conformance_put(&depot->store, "p3", 1, 0), 0);
	assert_int_equal(described(depot), 3);
	assert_int_equal(depot_drop(depot, store_day(WORKLOAD_START), NULL), 0);
	assert_int_equal(described(depot), 0);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_series_is_described_on_its_day) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
