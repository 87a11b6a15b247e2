/* test_block_decode: nothing in a block is believed. */
#include "testing.h"

#include "store/records.h"

static void a_block_that_is_cut_is_refused(void **state)
{
	BUF_AUTO block = { 0 };

	records_block(&block, 12, 3);
	for (size_t len = 0; len < block.len; len++) {
		struct block_records records = { 0 };
		struct view cut = { block.at, len };

		assert_int_equal(block_records_add(&records, cut, NULL), ERR_CORRUPT);
		block_records_fini(&records);
	}
}

static void a_block_that_is_changed_is_refused_or_read(void **state)
{
	BUF_AUTO block = { 0 };

	records_block(&block, 12, 3);
	for (size_t i = 0; i < block.len * 8; i++) {
		struct block_records records = { 0 };

		block.at[i / 8] ^= (char)(1 << i % 8);
		block_records_add(&records, buf_view(&block), NULL);
		block.at[i / 8] ^= (char)(1 << i % 8);
		block_records_fini(&records);
	}
}

static void the_filter_has_each_span_and_few_others(void **state)
{
	BUF_AUTO block = { 0 };
	struct block_header header;
	struct block_reader reader = { 0 };
	int wrong = 0;

	records_block(&block, 30, 8);
	assert_int_equal(block_header_decode(buf_view(&block), &header, NULL), 0);
	assert_int_equal(block_read_detail(&reader, &header, NULL), 0);
	assert_true(reader.n_spans > 0);
	for (size_t i = 0; i < reader.n_spans; i++) {
		assert_true(block_may_have(&header, reader.spans[i].trace_id, 16));
		assert_true(block_may_have(&header, reader.spans[i].span_id, 8));
	}
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t other[4] = { i, 77, 77, 77 };

		wrong += block_may_have(&header, other, 16);
	}
	assert_true(wrong < 50);
	block_reader_fini(&reader);
	block_header_fini(&header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_is_cut_is_refused),
		cmocka_unit_test(a_block_that_is_changed_is_refused_or_read),
		cmocka_unit_test(the_filter_has_each_span_and_few_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
