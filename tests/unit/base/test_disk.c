/* test_disk: after any failure the old file is whole and no half-written one is left. */
#include "testing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"

static char folder[] = "/tmp/flyover-disk-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int remove_folder(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static int files_in_folder(void)
{
	DIR *dir = opendir(folder);
	int n = -2; /* . and .. */

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void what_is_written_is_read_back(void **state)
{
	BUF_AUTO back = { 0 };

	assert_int_equal(disk_write(path, VIEW("hello"), NULL), 0);
	assert_int_equal(disk_read(path, 100, &back, NULL), 0);
	assert_view_equal(buf_view(&back), "hello");
}

static void any_failing_call_leaves_the_old_file_whole(void **state)
{
	for (int call = 0; call < DISK_CALLS; call++) {
		struct err err;
		BUF_AUTO back = { 0 };

		if (call == DISK_READ)
			continue;
		assert_int_equal(disk_write(path, VIEW("old"), NULL), 0);
		disk_fail_after((enum disk_call)call, 1, ENOSPC);
		assert_int_equal(disk_write(path, VIEW("new"), &err), ERR_IO);
		assert_non_null(strstr(err.text, "No space left"));
		assert_int_equal(files_in_folder(), 1);
		assert_int_equal(disk_read(path, 100, &back, NULL), 0);
		assert_view_equal(buf_view(&back), "old");
	}
}

static void a_file_over_the_limit_is_refused(void **state)
{
	BUF_AUTO back = { 0 };
	struct err err;

	disk_write(path, VIEW("123456"), NULL);
	assert_int_equal(disk_read(path, 5, &back, &err), ERR_LIMIT);
}

static void a_missing_file_a_folder_and_a_device_say_so(void **state)
{
	BUF_AUTO back = { 0 };
	struct err err;

	assert_int_equal(disk_read("/nonexistent/x", 5, &back, &err), ERR_NOT_FOUND);
	assert_int_equal(disk_read(folder, 5, &back, &err), ERR_USAGE);
	assert_int_equal(disk_read("/dev/zero", 5, &back, &err), ERR_USAGE);
	assert_int_equal(disk_write("/nonexistent/x", VIEW("x"), &err), ERR_NOT_FOUND);
}

static void what_one_who_was_killed_left_is_in_nobodys_way(void **state)
{
	BUF_AUTO left = { 0 };
	BUF_AUTO back = { 0 };

	/* In a container the next one may well have the same number. */
	buf_add_format(&left, "%s.%ld.part%c", path, (long)getpid(), 0);
	assert_int_equal(disk_write(left.at, VIEW("half"), NULL), 0);
	assert_int_equal(disk_write(path, VIEW("whole"), NULL), 0);
	assert_int_equal(unlink(left.at), 0);
	assert_int_equal(disk_read(path, 100, &back, NULL), 0);
	assert_view_equal(buf_view(&back), "whole");
}

static void a_device_is_written_in_place(void **state)
{
	struct stat st;

	assert_int_equal(disk_write("/dev/null", VIEW("x"), NULL), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(disk_write("/dev/full", VIEW("x"), NULL), ERR_IO);
}

static void pieces_become_a_file_or_nothing(void **state)
{
	static const enum disk_call CALLS[] = { DISK_WRITE, DISK_SYNC, DISK_RENAME };
	char part[80];
	int fd;

	snprintf(part, sizeof(part), "%s.part", path);
	for (size_t i = 0; i < 3; i++) {
		fd = open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
		unlink(path);
		disk_fail_after(CALLS[i], 1, ENOSPC);
		assert_int_equal(disk_write_at(fd, VIEW("llo"), 2, NULL) == 0 &&
					 disk_keep(fd, part, path, NULL) == 0,
			0);
		assert_int_equal(access(path, F_OK), -1);
		close(fd);
	}
	fd = open(part, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(disk_write_at(fd, VIEW("llo"), 2, NULL), 0);
	assert_int_equal(disk_write_at(fd, VIEW("he"), 0, NULL), 0);
	assert_int_equal(disk_keep(fd, part, path, NULL), 0);
	close(fd);
	{
		BUF_AUTO back = { 0 };

		assert_int_equal(disk_read(path, 100, &back, NULL), 0);
		assert_view_equal(buf_view(&back), "hello");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(any_failing_call_leaves_the_old_file_whole),
		cmocka_unit_test(a_file_over_the_limit_is_refused),
		cmocka_unit_test(a_missing_file_a_folder_and_a_device_say_so),
		cmocka_unit_test(what_one_who_was_killed_left_is_in_nobodys_way),
		cmocka_unit_test(pieces_become_a_file_or_nothing),
		cmocka_unit_test(a_device_is_written_in_place),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
