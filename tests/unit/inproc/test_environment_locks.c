/* test_environment_locks: variables become recordings and files. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "contended.h"
#include "inproc/environment_locks.h"

static int clear(void **state)
{
	unsetenv("FLYOVER_LOCKS");
	unsetenv("FLYOVER_BLOCKPROFILE");
	unsetenv("FLYOVER_MUTEXPROFILE");
	environment_locks_after_fork();
	return 0;
}

static void nothing_is_asked_for_by_default(void **state)
{
	struct err err;

	assert_false(environment_locks_asked());
	assert_int_equal(environment_locks_begin(true, &err), 0);
	assert_false(lock_record_is_on());
}

static void a_rate_that_is_none_gets_a_sentence(void **state)
{
	static const char *const bad[] = { "0", "-1", "soon", "3600000000001", "10ns" };
	struct err err;

	for (size_t i = 0; i < 5; i++) {
		setenv("FLYOVER_LOCKS", bad[i], 1);
		assert_int_equal(environment_locks_begin(true, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, bad[i]));
	}
	assert_false(lock_record_is_on());
}

static int stop(void *unused, struct err *err)
{
	return lock_capture_stop(err);
}

static void both_files_are_written_at_the_end(void **state)
{
	BUF_AUTO bytes = { 0 };
	char path[64];
	struct err err;

	setenv("FLYOVER_BLOCKPROFILE", "/tmp/test_environment_locks.block", 1);
	setenv("FLYOVER_MUTEXPROFILE", "/tmp/test_environment_locks.mutex", 1);
	assert_true(environment_locks_asked());
	assert_int_equal(environment_locks_begin(false, &err), 0);
	assert_true(lock_record_is_on());
	environment_locks_end();
	snprintf(path, sizeof(path), "/tmp/test_environment_locks.block.%d", (int)getpid());
	assert_int_equal(disk_read(path, 1 << 20, &bytes, &err), 0);
	profile_free(profiled_decode(buf_view(&bytes)));
	unlink(path);
	snprintf(path, sizeof(path), "/tmp/test_environment_locks.mutex.%d", (int)getpid());
	assert_int_equal(unlink(path), 0);
	assert_int_equal(engine_call(stop, NULL, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_asked_for_by_default, clear),
		cmocka_unit_test_setup(a_rate_that_is_none_gets_a_sentence, clear),
		cmocka_unit_test_setup(both_files_are_written_at_the_end, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
