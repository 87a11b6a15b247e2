/* test_block_encode: what goes into a block comes out of it. */
#include "testing.h"

#include "store/records.h"

static void profiles_come_back_as_they_were(void **state)
{
	for (uint32_t seed = 1; seed < 60; seed++) {
		size_t n = 1 + seed % 40;
		struct record *records[64];
		struct block_records again = { 0 };
		BUF_AUTO block = { 0 };

		records_make(records, n, seed);
		assert_int_equal(block_encode((const struct record *const *)records, n,
					 1 + seed % 3, &block, NULL),
			0);
		assert_int_equal(block_records_add(&again, buf_view(&block), NULL), 0);
		assert_int_equal(again.n, n);
		for (size_t i = 0; i < n; i++)
			records_assert_equal(records[i], again.at[i]);
		block_records_fini(&again);
		records_free(records, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(profiles_come_back_as_they_were) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
