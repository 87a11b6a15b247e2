/* test_maps: the lines of /proc/PID/maps are read as the kernel writes them. */
#include "testing.h"

#include <sys/sysmacros.h>

#include "proc/maps.h"

static void reads_a_file_mapping(void **state)
{
	struct maps_line line;

	assert_true(maps_parse(
		VIEW("7f12-7f34 r-xp 00001000 fd:0a 1234                     /usr/lib/a b.so"),
		&line));
	assert_int_equal(line.start, 0x7f12);
	assert_int_equal(line.end, 0x7f34);
	assert_int_equal(line.offset, 0x1000);
	assert_int_equal(line.device, makedev(0xfd, 0x0a));
	assert_int_equal(line.inode, 1234);
	assert_true(line.readable && line.executable && !line.writable && !line.shared);
	assert_view_equal(line.path, "/usr/lib/a b.so");
}

static void reads_anonymous_memory(void **state)
{
	struct maps_line line;

	assert_true(maps_parse(VIEW("1000-2000 rwxs 00000000 00:00 0 "), &line));
	assert_int_equal(line.path.len, 0);
	assert_true(line.writable && line.shared);
}

static void skips_lines_that_are_not_the_kernels(void **state)
{
	struct view text = VIEW("rubbish\n2000-1000 r-xp 0 0:0 0\n\n1-2 r-xp 0 0:0 0 [vdso]\nx");
	struct maps_line line;

	assert_true(maps_next(&text, &line));
	assert_view_equal(line.path, "[vdso]");
	assert_false(maps_next(&text, &line));
}

static void never_reads_past_a_cut_line(void **state)
{
	const char *whole = "7f12-7f34 r-xp 00001000 fd:0a 1234 /usr/lib/a.so";
	struct maps_line line;

	for (size_t len = 0; len <= strlen("7f12-7f34 r-xp 00001000 fd:0a "); len++)
		assert_false(maps_parse((struct view){ whole, len }, &line));
}

static void tells_a_deleted_file_from_its_name(void **state)
{
	bool deleted;

	assert_view_equal(maps_path(VIEW("/tmp/a (deleted)"), &deleted), "/tmp/a");
	assert_true(deleted);
	assert_view_equal(maps_path(VIEW("/tmp/a"), &deleted), "/tmp/a");
	assert_false(deleted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_file_mapping),
		cmocka_unit_test(reads_anonymous_memory),
		cmocka_unit_test(skips_lines_that_are_not_the_kernels),
		cmocka_unit_test(never_reads_past_a_cut_line),
		cmocka_unit_test(tells_a_deleted_file_from_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
