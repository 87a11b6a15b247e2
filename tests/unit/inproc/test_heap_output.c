/* test_heap_output: a file with what is live. */
#include "inproc/heap_output.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "profiled.h"

static void a_file_is_written_while_one_is_kept(void **state)
{
	char path[] = "/tmp/test_heap_output.XXXXXX";
	PROFILE_AUTO profile = NULL;
	BUF_AUTO bytes = { 0 };
	int fd = mkstemp(path);
	struct err err;

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(heap_output_write(path, &err), ERR_USAGE);
	assert_int_equal(heap_output_stop(&err), ERR_USAGE);
	if (heap_output_start(0, &err) == ERR_UNSUPPORTED) {
		unlink(path);
		skip();
	}
	assert_int_equal(heap_output_write(path, &err), 0);
	assert_int_equal(disk_read(path, 1 << 24, &bytes, &err), 0);
	profile = profiled_decode(buf_view(&bytes));
	assert_int_equal(profile->n_types, 4);
	assert_int_equal(profile->period, 524288);
	assert_int_equal(heap_output_stop(&err), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_file_is_written_while_one_is_kept) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
