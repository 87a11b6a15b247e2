/* test_pprof_ids: in order, dense or sparse, an id is found once added and only once. */
#include "testing.h"

#include "base/err.h"
#include "codec/pprof_ids.h"

static void near_and_far_ids_are_found(void **state)
{
	static const uint64_t ids_of[] = { 1, 2, 90, 3, 100000, UINT64_MAX };
	struct pprof_ids ids;

	pprof_ids_init(&ids, 20);
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(pprof_ids_add(&ids, ids_of[i]), 0);
	for (uint32_t i = 0; i < 6; i++) {
		assert_int_equal(pprof_ids_find(&ids, ids_of[i]), i);
		assert_int_equal(pprof_ids_add(&ids, ids_of[i]), ERR_CORRUPT);
	}
	assert_int_equal(pprof_ids_find(&ids, 0), PPROF_IDS_NONE);
	assert_int_equal(pprof_ids_find(&ids, 4), PPROF_IDS_NONE);
	assert_int_equal(pprof_ids_find(&ids, 99999), PPROF_IDS_NONE);
	assert_true(ids.n_dense < 1000);
	pprof_ids_fini(&ids);
}

static void ids_that_count_up_from_one_take_no_memory(void **state)
{
	struct pprof_ids ids;

	pprof_ids_init(&ids, 1000);
	for (uint64_t id = 1; id <= 900; id++)
		assert_int_equal(pprof_ids_add(&ids, id), 0);
	assert_null(ids.dense);
	assert_int_equal(ids.sparse.cap, 0);
	assert_int_equal(pprof_ids_find(&ids, 900), 899);
	assert_int_equal(pprof_ids_find(&ids, 901), PPROF_IDS_NONE);
	assert_int_equal(pprof_ids_find(&ids, 0), PPROF_IDS_NONE);
	assert_int_equal(pprof_ids_add(&ids, 17), ERR_CORRUPT);
	pprof_ids_fini(&ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_and_far_ids_are_found),
		cmocka_unit_test(ids_that_count_up_from_one_take_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
