/* test_kernel_event: what the kernel writes about a thread of ours, and who may have it. */
#include "inproc/kernel_event.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inproc/sig_chain.h"
#include "profiled.h"

static volatile int signals, code;

static void count(int number, siginfo_t *info, void *context)
{
	signals = signals + 1;
	code = info->si_code;
}

static void need_events(void)
{
	struct err err;

	if (kernel_event_allowed(&err) == 0)
		return;
	print_message("%s\n", err.text);
	skip();
}

static void use_the_kernel(double seconds)
{
	static char bytes[1 << 16];
	double until = profiled_cpu() + seconds;

	while (profiled_cpu() < until)
		if (getrandom(bytes, sizeof(bytes), 0) < 0)
			assert_int_equal(errno, EINTR);
}

static void a_thread_learns_where_it_is_in_the_kernel(void **state)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART };
	int first_free = open("/dev/null", O_RDONLY);
	struct sig_chain chain;
	size_t n = 0, in_kernel = 0;
	uint64_t last = 0;
	void *event;

	close(first_free);
	need_events();
	sigaction(KERNEL_EVENT_SIGNAL, &action, NULL);
	event = kernel_event_open(gettid(), 5000000);
	assert_non_null(event);
	assert_int_equal(fcntl(first_free, F_GETFD), -1); /* no descriptor stays */
	for (int i = 0; i < 20; i++) {
		use_the_kernel(0.01);
		for (; sig_chain_take(event, &chain); n++) {
			assert_true(chain.counted_ns >= last + 4000000);
			last = chain.counted_ns;
			in_kernel += chain.n > 0;
			for (size_t k = 0; k < chain.n; k++)
				assert_true(chain.frames[k] >> 63);
		}
	}
	assert_true(n > 0 && in_kernel > 0);
	assert_true(signals > 0);
	assert_int_equal(code, POLL_IN);
	kernel_event_close(event);
	signals = 0;
	use_the_kernel(0.05);
	assert_int_equal(signals, 0);
}

/* In a child: a filter that would kill it for perf_event_open. */
static int open_behind_a_filter(void)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(steps) / sizeof(steps[0]), steps };
	struct err err = { 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return 77;
	if (kernel_event_open(gettid(), 5000000))
		return 1;
	return kernel_event_allowed(&err) == ERR_DENIED && strstr(err.text, "seccomp") ? 0 : 2;
}

static void nobody_is_killed_by_a_filter(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(open_behind_a_filter());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
}

static void who_may_not_hears_what_it_takes(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct err err = { 0 };

		if (setresuid(65534, 65534, 65534)) /* loses its capabilities */
			_exit(77);
		_exit(kernel_event_allowed(&err) == 0 || strstr(err.text, "perf_event_paranoid=1")
				? 0
				: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
}

static void a_thread_that_is_not_there_has_none(void **state)
{
	need_events();
	assert_null(kernel_event_open(1 << 22, 5000000));
	assert_int_equal(errno, ESRCH);
	kernel_event_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_learns_where_it_is_in_the_kernel),
		cmocka_unit_test(nobody_is_killed_by_a_filter),
		cmocka_unit_test(who_may_not_hears_what_it_takes),
		cmocka_unit_test(a_thread_that_is_not_there_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
