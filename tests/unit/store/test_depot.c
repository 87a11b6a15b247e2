/* test_depot: what was acknowledged is there after the store was opened again. */
#include "testing.h"

#include "store/depot_of.h"

static void rows_are_known_after_opening_again(void **state)
{
	char folder[64];
	struct depot *depot;

	folder_make(folder);
	depot = depot_of(folder);
	assert_int_equal(conformance_put(&depot->store, "p1", 1, 0), 0);
	assert_int_equal(conformance_put(&depot->store, "p1", 2, 0), 0);
	store_close(&depot->store);
	depot = depot_of(folder);
	assert_int_equal(depot->heads.n_rows, 2);
	assert_int_equal(conformance_put(&depot->store, "p1", 2, 0), 0);
	assert_int_equal(depot_duplicates(depot), 1);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rows_are_known_after_opening_again) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
