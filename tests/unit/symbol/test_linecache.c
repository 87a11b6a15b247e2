/* test_linecache: answers of DWARF come back from disk, or not at all. */
#include "testing.h"

#include "base/hash.h"
#include "symbol/linecache.h"

static void add(struct buf *file, uint64_t address, const char *reply)
{
	const uint64_t addresses[] = { address, address + 1 };
	const struct linecache_batch batch = { addresses, 2, view_of(reply) };

	linecache_add(file, VIEW("key"), &batch);
	assert_false(file->failed);
}

static size_t count(const struct buf *file)
{
	struct linecache_batch batch;
	struct view rest;
	size_t n = 0;

	if (linecache_open(buf_view(file), VIEW("key"), &rest, NULL) < 0)
		return 0;
	while (linecache_next(&rest, &batch))
		n++;
	return n;
}

static void batches_come_back_in_order(void **state)
{
	BUF_AUTO file = { 0 };
	struct linecache_batch batch;
	struct view rest;

	add(&file, 0x1000, "E");
	add(&file, 0x2000, "a longer reply");
	assert_int_equal(linecache_open(buf_view(&file), VIEW("key"), &rest, NULL), 0);
	assert_true(linecache_next(&rest, &batch));
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.addresses[1], 0x1001);
	assert_view_equal(batch.reply, "E");
	assert_true(linecache_next(&rest, &batch));
	assert_int_equal(batch.addresses[0], 0x2000);
	assert_view_equal(batch.reply, "a longer reply");
	assert_false(linecache_next(&rest, &batch));
}

static void any_changed_byte_is_a_miss(void **state)
{
	BUF_AUTO file = { 0 };
	struct view rest;

	add(&file, 0x1000, "reply");
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 1;
		assert_int_equal(count(&file), 0);
		file.at[i] ^= 1;
	}
	for (size_t len = 0; len < file.len; len++)
		assert_int_equal(
			linecache_open((struct view){ file.at, len }, VIEW("key"), &rest, NULL),
			ERR_NOT_FOUND);
	assert_int_equal(
		linecache_open(buf_view(&file), VIEW("other"), &rest, NULL), ERR_NOT_FOUND);
	assert_int_equal(count(&file), 1);
}

static void what_is_not_a_file_is_replaced(void **state)
{
	BUF_AUTO file = { 0 };

	buf_add_text(&file, "something that was there before, long enough for a header");
	add(&file, 0x1000, "E");
	assert_int_equal(count(&file), 1);
}

static void a_file_with_too_many_batches_begins_anew(void **state)
{
	BUF_AUTO file = { 0 };

	for (unsigned i = 0; i < LINECACHE_BATCHES_MAX; i++)
		add(&file, 0x1000 + i * 16, "E");
	assert_int_equal(count(&file), LINECACHE_BATCHES_MAX);
	add(&file, 0x9000, "E");
	assert_int_equal(count(&file), 1);
}

static void a_file_never_outgrows_its_limit(void **state)
{
	const uint64_t address = 1;
	char *large = test_malloc(LINECACHE_BYTES_MAX / 2);
	struct linecache_batch batch = { &address, 1, { large, LINECACHE_BYTES_MAX / 2 } };
	BUF_AUTO file = { 0 };

	memset(large, 'x', LINECACHE_BYTES_MAX / 2);
	linecache_add(&file, VIEW("key"), &batch);
	assert_int_equal(count(&file), 1);
	linecache_add(&file, VIEW("key"), &batch);
	assert_int_equal(count(&file), 1);
	assert_true(file.len <= LINECACHE_BYTES_MAX);
	test_free(large);
}

static void addresses_out_of_order_end_the_reading(void **state)
{
	const uint64_t addresses[] = { 2, 1 };
	const struct linecache_batch batch = { addresses, 2, VIEW("E") };
	BUF_AUTO file = { 0 };

	linecache_add(&file, VIEW("key"), &batch);
	assert_int_equal(count(&file), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_come_back_in_order),
		cmocka_unit_test(any_changed_byte_is_a_miss),
		cmocka_unit_test(what_is_not_a_file_is_replaced),
		cmocka_unit_test(a_file_with_too_many_batches_begins_anew),
		cmocka_unit_test(a_file_never_outgrows_its_limit),
		cmocka_unit_test(addresses_out_of_order_end_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
