/* test_depot_append: a profile that is in a block already is not kept again. */
#include "testing.h"

#include "store/depot_of.h"

static void what_is_folded_is_known_still(void **state)
{
	char folder[64];
	struct depot *depot;

	folder_make(folder);
	depot = depot_of(folder);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5; i++)
			assert_int_equal(conformance_put(&depot->store, "p1", i, 0), 0);
		assert_int_equal(depot_duplicates(depot), (uint64_t)round * 5);
		assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
		assert_int_equal(depot->heads.n_rows, 0);
	}
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_folded_is_known_still) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
