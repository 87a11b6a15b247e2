/* test_thread_look: what the kernel says of threads. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "waiting.h"

static void lines_of_the_kernel_are_understood(void **state)
{
	struct thread_look look;

	thread_look_parse("running\n", &look);
	assert_int_equal(look.state, THREAD_LOOK_RUNNING);
	thread_look_parse("-1 0x7ffd10 0x401000\n", &look);
	assert_int_equal(look.state, THREAD_LOOK_WAITING);
	assert_int_equal(look.call, -1);
	assert_int_equal(look.sp, 0x7ffd10);
	assert_int_equal(look.pc, 0x401000);
	thread_look_parse("7 0x1 0x2 0xffffffffffffffff 0x4 0x5 0x6 0x7ffd20 0x402000\n", &look);
	assert_int_equal(look.call, 7);
	assert_int_equal(look.arguments[3], 4);
	assert_int_equal(look.sp, 0x7ffd20);
}

static void nonsense_is_no_wait(void **state)
{
	static const char *const bad[] = { "", "7", "7 0x1 0x2", "-1 0x7ffd10", "-1", "x",
		"7 0x1 q" };
	struct thread_look look;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		thread_look_parse(bad[i], &look);
		assert_int_equal(look.state, THREAD_LOOK_RUNNING);
	}
}

static void threads_are_told_apart(void **state)
{
	struct waiting waits, burns;
	struct thread_look look;

	waiting_begin(&waits, 0);
	waiting_begin(&burns, 1);
	thread_look_at(waits.tid, &look);
	assert_int_equal(look.state, THREAD_LOOK_WAITING);
	assert_int_equal(look.call, SYS_read);
	assert_int_equal(look.arguments[0], waits.pipe[0]);
	thread_look_at(burns.tid, &look);
	assert_int_equal(look.state, THREAD_LOOK_RUNNING);
	waiting_end(&waits);
	waiting_end(&burns);
	thread_look_at(waits.tid, &look);
	assert_int_equal(look.state, THREAD_LOOK_GONE);
	assert_int_equal(thread_look_cpu_ns(waits.tid), 0);
	assert_false(thread_look_takes(waits.tid, SIGPROF));
}

static void calls_that_signals_interrupt_are_known(void **state)
{
	struct thread_look look = { .state = THREAD_LOOK_WAITING };

	look.call = SYS_poll;
	assert_true(thread_look_is_delicate(&look));
	look.call = SYS_read;
	assert_false(thread_look_is_delicate(&look));
	look.call = SYS_futex;
	assert_false(thread_look_is_delicate(&look));
	look.arguments[3] = 1;
	assert_true(thread_look_is_delicate(&look));
	look.state = THREAD_LOOK_RUNNING;
	assert_false(thread_look_is_delicate(&look));
}

static void blocked_signals_and_odd_names_are_seen(void **state)
{
	char before[16], name[16];
	sigset_t set;

	thread_look_name(gettid(), before);
	prctl(PR_SET_NAME, "a) R 1 (b");
	thread_look_name(gettid(), name);
	assert_string_equal(name, "a) R 1 (b");
	assert_true(thread_look_takes(gettid(), SIGPROF));
	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	assert_false(thread_look_takes(gettid(), SIGPROF));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	prctl(PR_SET_NAME, before);
	assert_true(thread_look_cpu_ns(gettid()) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_the_kernel_are_understood),
		cmocka_unit_test(nonsense_is_no_wait),
		cmocka_unit_test(threads_are_told_apart),
		cmocka_unit_test(calls_that_signals_interrupt_are_known),
		cmocka_unit_test(blocked_signals_and_odd_names_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
