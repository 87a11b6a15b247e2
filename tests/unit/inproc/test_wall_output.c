/* test_wall_output: a wall-clock profile from its start to its file. */
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "inproc/wall_output.h"
#include "profiled.h"

static void a_file_is_written_at_the_stop(void **state)
{
	struct wall_output_options options = { .path = "/tmp/test_wall_output.pb.gz", .fd = -1 };
	const struct timespec pause = { .tv_nsec = 100000000 };
	BUF_AUTO bytes = { 0 };
	struct profile *profile;
	struct err err;

	assert_int_equal(wall_output_stop(&err), ERR_USAGE);
	assert_int_equal(wall_output_start(&options, &err), 0);
	assert_true(wall_output_running());
	assert_int_equal(wall_output_start(&options, &err), ERR_LIMIT);
	nanosleep(&pause, NULL);
	assert_int_equal(wall_output_stop(&err), 0);
	assert_false(wall_output_running());
	assert_int_equal(disk_read(options.path, 1 << 20, &bytes, &err), 0);
	unlink(options.path);
	profile = profiled_decode(buf_view(&bytes));
	assert_true(profiled_total(profile, "main") > 0);
	assert_int_equal(profile_find_type(profile, VIEW("wall")), 1);
	profile_free(profile);
}

static void a_frequency_has_a_limit(void **state)
{
	struct wall_output_options options = { .path = "/dev/null", .fd = -1, .hz = 1001 };
	struct err err;

	assert_int_equal(wall_output_start(&options, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "1000"));
	assert_false(wall_output_running());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_written_at_the_stop),
		cmocka_unit_test(a_frequency_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
