/* test_record_output: a format for each name, and one for the name that says none. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "cli/record_output.h"
#include "model/profile.h"

static char folder[] = "/tmp/flyover-output-XXXXXX";
static char text_path[64], other_path[64];

static int make_folder(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(text_path, sizeof(text_path), "%s/a.folded", folder);
	snprintf(other_path, sizeof(other_path), "%s/b.unknown", folder);
	return 0;
}

static int remove_folder(void **state)
{
	unlink(text_path);
	unlink(other_path);
	return rmdir(folder);
}

static void standard_output_needs_no_format_and_an_unknown_name_does(void **state)
{
	const char *standard[] = { "-" }, *unknown[] = { other_path };

	assert_int_equal(
		record_output_check(&(struct option_list){ standard, 1, 1 }, NULL, NULL), 0);
	assert_int_equal(
		record_output_check(&(struct option_list){ unknown, 1, 1 }, NULL, NULL), ERR_USAGE);
	assert_int_equal(
		record_output_check(&(struct option_list){ unknown, 1, 1 }, "folded", NULL), 0);
	assert_int_equal(record_output_check(&(struct option_list){ unknown, 1, 1 }, "moon", NULL),
		ERR_USAGE);
}

static void every_name_is_written(void **state)
{
	const char *paths[] = { text_path, other_path };
	struct option_list list = { paths, 2, 2 };
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main"))), 0,
		(int64_t[]){ 7 });
	assert_int_equal(record_output_write(p, &list, "folded", NULL), 0);
	for (int i = 0; i < 2; i++) {
		BUF_AUTO back = { 0 };

		assert_int_equal(disk_read(paths[i], 100, &back, NULL), 0);
		assert_view_equal(buf_view(&back), "main 7\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standard_output_needs_no_format_and_an_unknown_name_does),
		cmocka_unit_test(every_name_is_written),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
