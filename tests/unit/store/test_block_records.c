/* test_block_records: the sums of blocks are those of their profiles. */
#include "testing.h"

#include "store/records.h"

static void sums_add_up_and_are_read_back(void **state)
{
	BUF_AUTO one = { 0 }, other = { 0 }, rolled = { 0 };
	struct block_sums sums = { 0 }, again = { 0 };
	int64_t total[2] = { 0 }, sum = 0;
	struct block_records records = { 0 };

	records_block(&one, 20, 4);
	records_block(&other, 9, 5);
	assert_int_equal(block_records_add(&records, buf_view(&one), NULL), 0);
	assert_int_equal(block_records_add(&records, buf_view(&other), NULL), 0);
	for (size_t i = 0; i < records.n; i++)
		for (size_t t = 0; t < 2; t++)
			total[t] += records.at[i]->totals[t];
	assert_int_equal(block_sums_add(&sums, buf_view(&one), NULL), 0);
	assert_int_equal(block_sums_add(&sums, buf_view(&other), NULL), 0);
	assert_int_equal(sums.n_profiles, 29);
	assert_int_equal(block_encode_rolled(&sums, 3, &rolled, NULL), 0);
	assert_int_equal(block_sums_add(&again, buf_view(&rolled), NULL), 0);
	assert_int_equal(again.n_profiles, 29);
	assert_int_equal(again.n, sums.n);
	for (size_t t = 0; t < 2; t++) {
		sum = 0;
		for (size_t i = 0; i < again.n; i++)
			sum += again.values[t * again.n + i];
		assert_int_equal(sum, total[t]);
		assert_int_equal(again.totals[t], total[t]);
	}
	assert_int_equal(block_records_add(&records, buf_view(&rolled), NULL), ERR_CORRUPT);
	block_records_fini(&records);
	block_sums_fini(&sums);
	block_sums_fini(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sums_add_up_and_are_read_back) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
