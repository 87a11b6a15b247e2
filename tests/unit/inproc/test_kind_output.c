/* test_kind_output: snapshots to files and descriptors. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "inproc/kind.h"
#include "inproc/kind_output.h"
#include "profiled.h"

static int fails;

static int snapshot(struct profile **ret, struct err *err)
{
	int64_t one = 1;

	if (fails)
		return err_set(err, ERR_USAGE, "not now");
	*ret = profile_new();
	profile_add_type(*ret, VIEW("threads"), VIEW("count"), NULL);
	profile_add(*ret, profile_push(*ret, STACK_EMPTY, profile_named(*ret, VIEW("somewhere"))),
		0, &one);
	return 0;
}

static const struct kind kind = { .name = "test", .snapshot = snapshot };

static void check(struct view bytes)
{
	struct profile *profile = profiled_decode(bytes);

	assert_int_equal(profiled_total(profile, "somewhere"), 1);
	profile_free(profile);
}

static void to_a_file_with_the_pid_in_its_name(void **state)
{
	BUF_AUTO bytes = { 0 };
	char path[64];
	struct err err;

	fails = 0;
	assert_int_equal(kind_output_write(&kind, "/tmp/test_kind_output.%p", -1, &err), 0);
	snprintf(path, sizeof(path), "/tmp/test_kind_output.%d", (int)getpid());
	assert_int_equal(disk_read(path, 1 << 20, &bytes, &err), 0);
	unlink(path);
	check(buf_view(&bytes));
}

static void to_a_descriptor(void **state)
{
	int fd = memfd_create("profile", 0);
	char bytes[65536];
	struct err err;

	assert_int_equal(kind_output_write(&kind, NULL, fd, &err), 0);
	check((struct view){ bytes, (size_t)pread(fd, bytes, sizeof(bytes), 0) });
	close(fd);
	assert_int_equal(kind_output_write(&kind, NULL, fd, &err), ERR_IO);
}

static void a_failure_leaves_no_file(void **state)
{
	struct err err;

	fails = 1;
	assert_int_equal(
		kind_output_write(&kind, "/tmp/test_kind_output.none", -1, &err), ERR_USAGE);
	assert_string_equal(err.text, "not now");
	assert_int_not_equal(access("/tmp/test_kind_output.none", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_a_file_with_the_pid_in_its_name),
		cmocka_unit_test(to_a_descriptor),
		cmocka_unit_test(a_failure_leaves_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
