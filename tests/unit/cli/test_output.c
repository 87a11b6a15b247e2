/* test_output: the name of a file says its format, and what cannot work is said before. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "cli/output.h"
#include "codec/codec.h"
#include "model/profile.h"

static char folder[] = "/tmp/output-XXXXXX";

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	return rmdir(folder);
}

static struct profile *small(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main"))), 0,
		(int64_t[]){ 7 });
	return p;
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void the_extension_says_the_format(void **state)
{
	PROFILE_AUTO p = small();
	BUF_AUTO bytes = { 0 };
	const char *path = path_of("out.folded");

	assert_int_equal(output_check(path, NULL, NULL), 0);
	assert_int_equal(output_write(p, path, NULL, NULL), 0);
	assert_int_equal(disk_read(path, 1 << 20, &bytes, NULL), 0);
	assert_non_null(memmem(bytes.at, bytes.len, "main 7\n", 7));
	unlink(path);
}

static void a_told_format_wins_over_the_extension(void **state)
{
	PROFILE_AUTO p = small();
	PROFILE_AUTO back = NULL;
	BUF_AUTO bytes = { 0 };
	const char *path = path_of("out.folded");

	assert_int_equal(output_write(p, path, "pprof", NULL), 0);
	assert_int_equal(disk_read(path, 1 << 20, &bytes, NULL), 0);
	assert_false(codec_is_text(buf_view(&bytes)));
	assert_int_equal(codec_decode(buf_view(&bytes), &back, NULL), 0);
	assert_int_equal(profile_total(back, 0), 7);
	unlink(path);
}

static void an_unknown_extension_names_those_there_are(void **state)
{
	struct err err;

	assert_int_equal(output_check("out.docx", NULL, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "out.docx"));
	assert_non_null(strstr(err.text, ".pb.gz"));
	assert_int_equal(output_check("out.folded", "nonsense", &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "'nonsense'"));
	assert_non_null(strstr(err.text, "pprof, "));
	assert_int_equal(output_check("-", NULL, &err), ERR_USAGE);
}

static void a_place_where_no_file_can_be_is_known_before(void **state)
{
	struct err err;

	assert_int_equal(output_check("/nowhere/at/all/x.pb.gz", NULL, &err), ERR_NOT_FOUND);
	mkdir(path_of("dir.folded"), 0700);
	assert_int_equal(output_check(path_of("dir.folded"), NULL, &err), ERR_USAGE);
	rmdir(path_of("dir.folded"));
	assert_int_equal(output_check("/dev/null", "folded", &err), 0);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
	PROFILE_AUTO p = small();
	BUF_AUTO bytes = { 0 };
	const char *path = path_of("out.folded");
	struct err err;

	assert_int_equal(disk_write(path, VIEW("old"), NULL), 0);
	disk_fail_after(DISK_WRITE, 1, 28 /* ENOSPC */);
	assert_int_equal(output_write(p, path, NULL, &err), ERR_IO);
	assert_non_null(strstr(err.text, "No space left"));
	assert_int_equal(disk_read(path, 100, &bytes, NULL), 0);
	assert_view_equal(buf_view(&bytes), "old");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_extension_says_the_format),
		cmocka_unit_test(a_told_format_wins_over_the_extension),
		cmocka_unit_test(an_unknown_extension_names_those_there_are),
		cmocka_unit_test(a_place_where_no_file_can_be_is_known_before),
		cmocka_unit_test(a_full_disk_leaves_the_old_file),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
