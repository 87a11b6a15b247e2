/* test_cpu_output: the profile arrives where it was wanted, or the reason does. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "inproc/cpu_output.h"
#include "profiled.h"

static void a_descriptor_gets_the_profile_and_stays_open(void **state)
{
	int fd = memfd_create("profile", MFD_CLOEXEC);
	struct cpu_output_options options = { .fd = fd };
	BUF_AUTO bytes = { 0 };
	struct profile *p;

	assert_int_equal(cpu_output_start(&options, NULL), 0);
	assert_true(cpu_output_running());
	PROFILED_BURN(0.2);
	assert_int_equal(cpu_output_stop(NULL), 0);
	assert_false(cpu_output_running());
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(disk_read_fd(fd, (size_t)1 << 24, &bytes, NULL), 0);
	p = profiled_decode(buf_view(&bytes));
	assert_true(p->n_samples > 0);
	profile_free(p);
	close(fd);
}

static void a_full_disk_is_an_error_and_the_next_one_works(void **state)
{
	struct cpu_output_options options = { .fd = open("/dev/full", O_WRONLY) };
	struct err err;

	assert_int_equal(cpu_output_start(&options, NULL), 0);
	assert_int_equal(cpu_output_stop(&err), ERR_IO);
	assert_non_null(strstr(err.text, "No space left"));
	close(options.fd);
	options = (struct cpu_output_options){ .path = "/no/such/folder/x" };
	assert_int_equal(cpu_output_start(&options, NULL), 0);
	assert_int_equal(cpu_output_stop(&err), ERR_NOT_FOUND);
	options = (struct cpu_output_options){ .path = "/dev/null" };
	assert_int_equal(cpu_output_start(&options, NULL), 0);
	assert_int_equal(cpu_output_stop(NULL), 0);
}

static void a_second_start_and_a_second_stop_fail(void **state)
{
	struct cpu_output_options options = { .path = "/dev/null" };

	assert_int_equal(cpu_output_start(&options, NULL), 0);
	assert_int_equal(cpu_output_start(&options, NULL), ERR_LIMIT);
	assert_int_equal(cpu_output_stop(NULL), 0);
	assert_int_equal(cpu_output_stop(NULL), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descriptor_gets_the_profile_and_stays_open),
		cmocka_unit_test(a_full_disk_is_an_error_and_the_next_one_works),
		cmocka_unit_test(a_second_start_and_a_second_stop_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
