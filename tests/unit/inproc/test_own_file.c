/* test_own_file: a file is known again, and another in its place is not. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/disk.h"
#include "inproc/own_file.h"
#include "object/object.h"
#include "testing.h"

static struct unwind_row shards[8][UNWIND_SHARD_ROWS];

static struct unwind_row *new_shard(void *owner, uint32_t index)
{
	return shards[index];
}

static void drop_shard(void *owner, uint32_t index)
{
}

static struct unwind_page pages[65536];
static struct unwind_rule rules[UNWIND_RULES_MAX];

static struct unwind_space *make_space(void)
{
	struct unwind_space_memory memory = { .new_shard = new_shard,
		.drop_shard = drop_shard,
		.pages = pages,
		.rules = rules,
		.n_pages_max = 65536,
		.n_shards_max = 8 };
	struct unwind_space *space;

	assert_int_equal(unwind_space_new(&memory, &space, NULL), 0);
	return space;
}

static void a_file_written_again_is_another(void **state)
{
	char path[] = "/tmp/flyover-own-file-XXXXXX";
	struct unwind_space *space = make_space();
	struct maps_line line = { .path = view_of(path) };
	BUF_AUTO bytes = { 0 };
	struct own_file *file;
	struct object *object;
	struct stat st;
	struct err err;

	close(mkstemp(path));
	assert_int_equal(disk_read("/proc/self/exe", (size_t)1 << 28, &bytes, NULL), 0);
	assert_int_equal(disk_write(path, buf_view(&bytes), NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	line.inode = st.st_ino;
	line.device = st.st_dev;
	assert_int_equal(own_file_new(&line, space, &file, NULL), 0);
	assert_true(file->has_table);
	assert_true(strlen(file->build_id) >= 16);
	assert_true(own_file_is(file, &line));
	assert_int_equal(own_file_open(file, &object, NULL), 0);
	assert_string_equal(object_name(object), path);
	object_unref(object);

	buf_add_char(&bytes, 'x');
	assert_int_equal(disk_write(path, buf_view(&bytes), NULL), 0);
	assert_int_equal(own_file_open(file, &object, &err), ERR_NOT_FOUND);
	unlink(path);
	assert_int_equal(own_file_open(file, &object, &err), ERR_NOT_FOUND);
	own_file_free(file, space);
	unwind_space_free(space);
}

static void a_file_that_cannot_be_read_is_kept_without_a_table(void **state)
{
	struct unwind_space *space = make_space();
	struct maps_line line = { .path = VIEW("/nowhere/lib.so (deleted)"), .inode = 7 };
	struct own_file *file;

	assert_int_equal(own_file_new(&line, space, &file, NULL), 0);
	assert_false(file->has_table);
	assert_string_equal(file->path, "/nowhere/lib.so");
	assert_string_equal(file->build_id, "");
	own_file_free(file, space);
	unwind_space_free(space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_written_again_is_another),
		cmocka_unit_test(a_file_that_cannot_be_read_is_kept_without_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
