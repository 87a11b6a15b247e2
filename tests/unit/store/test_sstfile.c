/* test_sstfile: what is no table is said, and a table says what it has. */
#include "testing.h"

#include "base/disk.h"
#include "store/damaged.h"
#include "store/opened.h"
#include "store/sstfile.h"

static void a_table_says_what_it_has(void **state)
{
	struct sstfile_cursor cursor;
	struct sstfile file;
	struct rocks rocks;
	char folder[64], path[300];
	int n = 0;

	opened_begin(&rocks, folder);
	for (int i = 0; i < 900; i++) {
		rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
		char text[128];

		snprintf(text, sizeof(text), "key %06d and so on", i);
		rocks_put(&rocks, batch, ROCKS_DICTIONARY, view_of(text), view_of(text));
		assert_int_equal(rocks_write(&rocks, batch, false, NULL), 0);
	}
	assert_int_equal(rocks_flush(&rocks, NULL), 0);
	damaged_find(folder, ".sst", path);
	assert_int_equal(sstfile_open(&file, path, SSTFILE_FAMILY_UNKNOWN, NULL), 0);
	assert_int_equal(file.family, ROCKS_DICTIONARY);
	assert_int_equal(file.n_entries, 900);
	assert_true(file.n_blocks > 1);
	assert_string_equal(file.trouble, "");
	cursor = (struct sstfile_cursor){ .file = &file };
	for (; sstfile_next(&cursor); n++) {
		char text[128];

		snprintf(text, sizeof(text), "key %06d and so on", n);
		assert_true(view_equal(cursor.now.key, view_of(text)));
		assert_true(view_equal(cursor.now.value, view_of(text)));
		assert_int_equal(cursor.now.kind, STORED_VALUE);
	}
	assert_int_equal(n, 900);
	assert_int_equal(cursor.n_damaged, 0);
	sstfile_cursor_fini(&cursor);
	sstfile_close(&file);
	opened_end(&rocks, folder);
}

static void what_is_none_is_said(void **state)
{
	static const char text[] =
		"this is a text of more than fifty-three bytes, and no table of anybody's";
	struct sstfile file;
	struct err err;
	char folder[64], path[100];

	folder_make(folder);
	snprintf(path, sizeof(path), "%s/1.sst", folder);
	assert_int_equal(sstfile_open(&file, path, 0, &err), ERR_NOT_FOUND);
	sstfile_close(&file);
	assert_int_equal(disk_write(path, VIEW("short"), NULL), 0);
	assert_int_equal(sstfile_open(&file, path, 0, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "too short"));
	sstfile_close(&file);
	assert_int_equal(disk_write(path, VIEW(text), NULL), 0);
	assert_int_equal(sstfile_open(&file, path, 0, &err), ERR_CORRUPT);
	sstfile_close(&file);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_says_what_it_has),
		cmocka_unit_test(what_is_none_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
