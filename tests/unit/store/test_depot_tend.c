/* test_depot_tend: a store that broke works again once its disk does. */
#include "testing.h"

#include "store/depot_of.h"

static void it_works_again(void **state)
{
	char folder[64];
	struct depot *depot;

	folder_make(folder);
	depot = depot_of(folder);
	assert_int_equal(conformance_put(&depot->store, "p1", 1, 0), 0);
	err_set(&depot->broken, ERR_IO, "the disk is gone");
	assert_int_equal(conformance_put(&depot->store, "p1", 2, 0), ERR_IO);
	assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
	assert_int_equal(conformance_put(&depot->store, "p1", 2, 0), 0);
	assert_int_equal(conformance_put(&depot->store, "p1", 1, 0), 0);
	assert_int_equal(depot_duplicates(depot), 1);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(it_works_again) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
