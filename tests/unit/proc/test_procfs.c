/* test_procfs: this very process is the specimen. */
#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/maps.h"
#include "proc/procfs.h"

#define NO_SUCH_PID 0x3ffffffe /* above the kernel's limit of 2^22 */

static void finds_its_own_code_in_maps(void **state)
{
	uintptr_t here = (uintptr_t)finds_its_own_code_in_maps;
	BUF_AUTO text = { 0 };
	struct maps_line line;
	struct view rest;
	bool found = false;

	assert_int_equal(procfs_read_maps(getpid(), &text, NULL), 0);
	for (rest = buf_view(&text); maps_next(&rest, &line);)
		found |= line.executable && here >= line.start && here < line.end;
	assert_true(found);
}

static void names_a_process_by_its_executable(void **state)
{
	char name[PROCFS_NAME_MAX];

	assert_int_equal(procfs_name(getpid(), name, NULL), 0);
	assert_string_equal(name, "test_procfs");
}

static void says_which_process_is_not_there(void **state)
{
	struct err err = { 0 };
	BUF_AUTO text = { 0 };
	uint64_t start;
	pid_t *threads, inner;
	size_t n;

	assert_int_equal(procfs_read_maps(NO_SUCH_PID, &text, &err), ERR_NOT_FOUND);
	assert_string_equal(err.text, "there is no process 1073741822");
	assert_int_equal(procfs_start_time(NO_SUCH_PID, &start, &err), ERR_NOT_FOUND);
	assert_int_equal(procfs_inner_pid(NO_SUCH_PID, &inner, &err), ERR_NOT_FOUND);
	assert_int_equal(procfs_threads(NO_SUCH_PID, &threads, &n, &err), ERR_NOT_FOUND);
	assert_false(procfs_alive(NO_SUCH_PID));
}

static void a_zombie_is_not_alive(void **state)
{
	pid_t child = fork();
	siginfo_t info;

	if (child == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	assert_false(procfs_alive(child));
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(procfs_alive(getpid()));
}

static void a_child_started_later_than_its_parent_or_with_it(void **state)
{
	uint64_t mine, first;

	assert_int_equal(procfs_start_time(getpid(), &mine, NULL), 0);
	assert_int_equal(procfs_start_time(getppid(), &first, NULL), 0);
	assert_true(first <= mine && mine > 0);
}

static void lists_itself_among_processes_and_threads(void **state)
{
	pid_t *pids = NULL;
	size_t n = 0;
	bool found = false;

	assert_int_equal(procfs_processes(&pids, &n, NULL), 0);
	for (size_t i = 0; i < n; i++)
		found |= pids[i] == getpid();
	free(pids);
	assert_true(found);
	assert_int_equal(procfs_threads(getpid(), &pids, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(pids[0], getpid());
	free(pids);
}

static void reads_the_kernels_lists_of_cpus(void **state)
{
	unsigned *cpus;
	size_t n;

	assert_int_equal(procfs_parse_cpus("0-2,5,7-8", &cpus, &n, NULL), 0);
	assert_int_equal(n, 6);
	assert_int_equal(cpus[2], 2);
	assert_int_equal(cpus[3], 5);
	assert_int_equal(cpus[5], 8);
	free(cpus);
}

static void refuses_lists_that_are_none_or_far_too_long(void **state)
{
	const char *bad[] = { "", "a", "3-1", "0-", "-1", "0,,1", "0-99999999",
		"99999999999999999999" };
	struct err err = { 0 };
	unsigned *cpus;
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(procfs_parse_cpus(bad[i], &cpus, &n, &err), ERR_CORRUPT);
}

static void counts_as_many_cpus_as_libc(void **state)
{
	unsigned *cpus;
	size_t n;

	assert_int_equal(procfs_online_cpus(&cpus, &n, NULL), 0);
	assert_int_equal(n, sysconf(_SC_NPROCESSORS_ONLN));
	free(cpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_its_own_code_in_maps),
		cmocka_unit_test(names_a_process_by_its_executable),
		cmocka_unit_test(says_which_process_is_not_there),
		cmocka_unit_test(a_zombie_is_not_alive),
		cmocka_unit_test(a_child_started_later_than_its_parent_or_with_it),
		cmocka_unit_test(lists_itself_among_processes_and_threads),
		cmocka_unit_test(reads_the_kernels_lists_of_cpus),
		cmocka_unit_test(refuses_lists_that_are_none_or_far_too_long),
		cmocka_unit_test(counts_as_many_cpus_as_libc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
