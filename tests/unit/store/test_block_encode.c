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

/* Near together stacks are marked, far apart they are sorted: the same block comes of both. */
static void stacks_may_be_near_or_far_apart(void **state)
{
	static const uint32_t factors[] = { 1, 3, 64, 1000, 400000000 };

	for (size_t f = 0; f < sizeof(factors) / sizeof(factors[0]); f++) {
		struct record *records[40];
		struct block_records again = { 0 };
		BUF_AUTO block = { 0 };

		records_make(records, 40, 7);
		for (size_t i = 0; i < 40; i++)
			for (size_t k = 0; k < records[i]->n; k++)
				records[i]->stacks[k] = records[i]->stacks[k] % 10 * factors[f];
		for (size_t i = 0; i < 40; i++) /* which still ascend in some */
			for (size_t k = 1; k < records[i]->n; k++)
				if (records[i]->stacks[k] < records[i]->stacks[k - 1])
					records[i]->stacks[k] = records[i]->stacks[k - 1];
		assert_int_equal(
			block_encode((const struct record *const *)records, 40, 1, &block, NULL),
			0);
		assert_int_equal(block_records_add(&again, buf_view(&block), NULL), 0);
		for (size_t i = 0; i < 40; i++)
			records_assert_equal(records[i], again.at[i]);
		block_records_fini(&again);
		records_free(records, 40);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_come_back_as_they_were),
		cmocka_unit_test(stacks_may_be_near_or_far_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
