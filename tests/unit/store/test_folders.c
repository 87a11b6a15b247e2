/* test_folders: a folder goes with all that is in it, and a link with nothing behind it. */
#include "testing.h"

#include <sys/stat.h>

#include "base/disk.h"
#include "store/folder.h"
#include "store/folders.h"

static void a_folder_goes_whole(void **state)
{
	char folder[64], inner[100], file[140], link[140], outer[64], kept[100];

	folder_make(folder);
	folder_make(outer);
	snprintf(kept, sizeof(kept), "%s/kept", outer);
	snprintf(inner, sizeof(inner), "%s/inner", folder);
	snprintf(file, sizeof(file), "%s/file", inner);
	snprintf(link, sizeof(link), "%s/link", inner);
	assert_true(folders_is_free(folder));
	assert_int_equal(mkdir(inner, 0700), 0);
	assert_int_equal(disk_write(file, VIEW("x"), NULL), 0);
	assert_int_equal(disk_write(kept, VIEW("x"), NULL), 0);
	assert_int_equal(symlink(outer, link), 0);
	assert_false(folders_is_free(folder));
	assert_int_equal(folders_sync_parent(folder, NULL), 0);
	assert_int_equal(folders_remove(folder, NULL), 0);
	assert_true(folders_is_free(folder));
	assert_int_equal(access(kept, F_OK), 0);
	assert_int_equal(folders_remove(folder, NULL), 0);
	folder_remove(outer);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_folder_goes_whole) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
