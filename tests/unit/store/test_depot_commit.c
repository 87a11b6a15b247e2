/* test_depot_commit: many threads append at once, and each is answered once. */
#include "testing.h"

#include "store/depot_of.h"

static void *put_many(void *store)
{
	for (int i = 0; i < 50; i++)
		assert_int_equal(conformance_put(store, "p1", i, 0), 0);
	return NULL;
}

static void everybody_is_answered(void **state)
{
	char folder[64];
	struct depot *depot;
	pthread_t threads[4];

	folder_make(folder);
	depot = depot_of(folder);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, &depot->store), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(depot_duplicates(depot), 150);
	assert_int_equal(depot->n_profiles, 50);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(everybody_is_answered) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
