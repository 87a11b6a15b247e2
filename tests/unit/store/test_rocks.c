/* test_rocks: keys are kept, walked by prefix, and deleted. */
#include "testing.h"

#include "store/folder.h"
#include "store/rocks.h"

static void keys_are_walked_by_prefix(void **state)
{
	char folder[64];
	struct rocks_options options = { .memory_max = 64 << 20, .create = true };
	struct rocks_range range = { .family = ROCKS_ROWS, .prefix = VIEW("a") };
	struct rocks_walk walk;
	struct rocks rocks;
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	BUF_AUTO value = { 0 };
	int n = 0;

	folder_make(folder);
	options.path = folder;
	assert_int_equal(rocks_open(&rocks, &options, NULL), 0);
	rocks_put(&rocks, batch, ROCKS_ROWS, VIEW("a1"), VIEW("x"));
	rocks_put(&rocks, batch, ROCKS_ROWS, VIEW("a2"), VIEW("y"));
	rocks_put(&rocks, batch, ROCKS_ROWS, VIEW("b1"), VIEW("z"));
	assert_int_equal(rocks_write(&rocks, batch, true, NULL), 0);
	assert_int_equal(rocks_reopen(&rocks, NULL), 0);
	rocks_walk_init(&walk, &rocks, &range);
	while (rocks_walk_next(&walk))
		n++;
	assert_int_equal(n, 2);
	assert_int_equal(rocks_walk_check(&walk, NULL), 0);
	rocks_walk_fini(&walk);
	assert_int_equal(rocks_get(&rocks, ROCKS_ROWS, VIEW("b1"), &value, NULL), 0);
	assert_view_equal(buf_view(&value), "z");
	batch = rocksdb_writebatch_create();
	rocks_delete(&rocks, batch, ROCKS_ROWS, VIEW("b1"));
	rocks_delete_range(&rocks, batch, ROCKS_ROWS, VIEW("a1"), VIEW("a2"));
	assert_int_equal(rocks_write(&rocks, batch, false, NULL), 0);
	assert_int_equal(rocks_get(&rocks, ROCKS_ROWS, VIEW("b1"), &value, NULL), ERR_NOT_FOUND);
	assert_int_equal(rocks_get(&rocks, ROCKS_ROWS, VIEW("a1"), &value, NULL), ERR_NOT_FOUND);
	assert_int_equal(rocks_get(&rocks, ROCKS_ROWS, VIEW("a2"), &value, NULL), 0);
	assert_int_equal(rocks_flush(&rocks, NULL), 0);
	assert_true(rocks_bytes(&rocks) > 0);
	assert_true(rocks_bytes_free(&rocks) > 0);
	rocks_close(&rocks);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(keys_are_walked_by_prefix) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
