/* test_depot_scan: late rows take their place among the profiles of a block. */
#include "testing.h"

#include "store/depot_of.h"

static int check_order(void *owner, const struct store_part *part)
{
	int64_t *last = owner;

	assert_true(part->begin_ns > *last);
	*last = part->begin_ns;
	return 0;
}

static void late_rows_take_their_place(void **state)
{
	char folder[64];
	struct depot *depot;
	struct store_select select = { .type = { VIEW("cpu"), VIEW("samples"), VIEW("count"),
					       VIEW(""), VIEW("") },
		.from_ns = WORKLOAD_START,
		.to_ns = DEPOT_LATER };
	int64_t last = 0;
	struct store_scan scan = { .select = &select,
		.apart = true,
		.detail = STORE_STACKS,
		.part = check_order,
		.owner = &last };

	folder_make(folder);
	depot = depot_of(folder);
	for (int i = 0; i < 20; i += 2)
		assert_int_equal(conformance_put(&depot->store, "p1", i, 0), 0);
	assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
	for (int i = 1; i < 20; i += 2)
		assert_int_equal(conformance_put(&depot->store, "p1", i, 0), 0);
	assert_int_equal(store_scan(&depot->store, &scan, NULL), 0);
	assert_int_equal(last, WORKLOAD_START + 19 * WORKLOAD_SECOND);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(late_rows_take_their_place) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
