/* test_pprof_ids: dense or sparse, an id is found once added and only once. */
#include "testing.h"

#include "base/err.h"
#include "codec/pprof_ids.h"

static void near_and_far_ids_are_found(void **state)
{
	static const uint64_t froms[] = { 1, 2, 90, 100000, UINT64_MAX };
	struct pprof_ids ids;

	assert_true(pprof_ids_init(&ids, 5));
	assert_true(ids.n_dense < 1000);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(pprof_ids_add(&ids, froms[i], i), 0);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(pprof_ids_find(&ids, froms[i]), i);
		assert_int_equal(pprof_ids_add(&ids, froms[i], 9), ERR_CORRUPT);
	}
	assert_int_equal(pprof_ids_find(&ids, 3), PPROF_IDS_NONE);
	assert_int_equal(pprof_ids_find(&ids, 99999), PPROF_IDS_NONE);
	pprof_ids_fini(&ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_and_far_ids_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
