/* test_block_columns: numbers come back as they were, whatever they are. */
#include "testing.h"

#include "store/block_columns.h"

#define N 5

static void check(const int64_t *values, const int64_t *first, size_t bytes_max)
{
	BUF_AUTO out = { 0 };
	int64_t again[N];
	struct proto in;

	block_columns_put_values(&out, values, N, first);
	assert_true(out.len <= bytes_max);
	in = proto_of(buf_view(&out));
	assert_true(block_columns_take_values(&in, again, N, first));
	assert_ptr_equal(in.at, in.end);
	assert_memory_equal(values, again, sizeof(again));
	for (size_t len = 0; len < out.len; len++) {
		in = proto_of((struct view){ out.at, len });
		assert_false(block_columns_take_values(&in, again, N, first));
	}
}

/* One of two columns is the same as if both are read. */
static void check_one(const int64_t *values, const int64_t *first)
{
	const int64_t *columns[] = { first, values };
	BUF_AUTO out = { 0 };
	int64_t again[N];

	block_columns_put_values(&out, first, N, NULL);
	block_columns_put_values(&out, values, N, first);
	for (size_t i = 0; i < 2; i++) {
		struct block_columns_which which = { i, 2 };
		struct proto in = proto_of(buf_view(&out));

		assert_true(block_columns_take_one(&in, again, N, &which));
		assert_ptr_equal(in.at, in.end);
		assert_memory_equal(columns[i], again, sizeof(again));
		for (size_t len = 0; len < out.len; len++) {
			in = proto_of((struct view){ out.at, len });
			assert_false(block_columns_take_one(&in, again, N, &which));
		}
	}
}

static void one_column_is_read_alone(void **state)
{
	static const int64_t first[N] = { 1, 2, 3, 0, 100 },
			     large[N] = { 4096, 1 << 30, 0, 8192, 0 };

	check_one((int64_t[N]){ 10000000, 20000000, 30000000, 0, 1000000000 }, first);
	check_one((int64_t[N]){ -3, -6, -9, 0, -300 }, first);
	check_one((int64_t[N]){ 1, 1, 1, 1, 1 }, first);
	check_one((int64_t[N]){ 4096LL << 30, 1LL << 60, 0, 8192LL << 30, 0 }, large);
	check_one((int64_t[N]){ 0 }, large);
	check_one((int64_t[N]){ INT64_MIN, 0, 0, 0, INT64_MIN }, (int64_t[N]){ -1, 0, 0, 0, 1 });
	check_one((int64_t[N]){ INT64_MAX, 5, INT64_MIN, 0, 7 }, first);
}

static void values_are_as_short_as_they_can_be(void **state)
{
	static const int64_t first[N] = { 1, 2, 3, 0, 100 };

	check(first, NULL, 7);
	check((int64_t[N]){ 10000000, 20000000, 30000000, 0, 1000000000 }, first, 6);
	check((int64_t[N]){ 10000000, 20000000, 30000001, 0, 1000000000 }, first, 30);
	check((int64_t[N]){ 4096, 8192, 0, 4096 * 77, 4096 }, NULL, 10);
	check((int64_t[N]){ -1, 1, -2, 2, 0 }, NULL, 7);
	check((int64_t[N]){ INT64_MIN, INT64_MAX, 0, -1, 1 }, first, 60);
	check((int64_t[N]){ INT64_MIN, 0, 0, 0, INT64_MIN }, (int64_t[N]){ -1, 0, 0, 0, 1 }, 60);
	check((int64_t[N]){ 0 }, first, 2);
}

static void ids_must_stay_below_their_limit(void **state)
{
	static const uint32_t ids[N] = { 0, 0, 7, 300, 70000 };
	BUF_AUTO out = { 0 };
	uint32_t again[2 * N];
	struct proto in;

	block_columns_put_ascending(&out, ids, N);
	in = proto_of(buf_view(&out));
	assert_true(block_columns_take_ascending(&in, again, N, 2 * N, 70001));
	assert_memory_equal(ids, again, sizeof(ids));
	in = proto_of(buf_view(&out));
	assert_true(block_columns_take_ascending(&in, again, N, N, 70001));
	in = proto_of(buf_view(&out));
	assert_false(block_columns_take_ascending(&in, again, N, 2 * N, 70000));
	buf_clear(&out);
	block_columns_put_numbers(&out, ids, N);
	in = proto_of(buf_view(&out));
	assert_true(block_columns_take_numbers(&in, again, N, 2 * N, 70001));
	assert_memory_equal(ids, again, sizeof(ids));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_as_short_as_they_can_be),
		cmocka_unit_test(one_column_is_read_alone),
		cmocka_unit_test(ids_must_stay_below_their_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
