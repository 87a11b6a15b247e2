/* test_cpu_timer: timers on the CPU time of a thread. */
#include "inproc/cpu_timer.h"

#include <signal.h>
#include <unistd.h>

#include "profiled.h"

static volatile int signals;
static void *volatile value;

static void count(int number, siginfo_t *info, void *context)
{
	signals = signals + 1;
	value = info->si_value.sival_ptr;
}

static void a_timer_follows_the_threads_cpu_time(void **state)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO };
	const struct cpu_timer_options options = { .tid = gettid(),
		.signal_number = SIGUSR1,
		.value = (void *)&signals,
		.first_ns = 20000000,
		.period_ns = 20000000 };
	uint64_t before = cpu_timer_now_ns(gettid());
	int timer;

	sigaction(SIGUSR1, &action, NULL);
	timer = cpu_timer_start(&options);
	assert_true(timer >= 0);
	usleep(100000); /* which is no CPU time */
	assert_true(signals <= 1);
	PROFILED_BURN(0.2);
	cpu_timer_stop(timer);
	assert_true(signals >= 1);
	assert_ptr_equal(value, (void *)&signals);
	assert_true(cpu_timer_now_ns(gettid()) - before >= 200000000);
	signals = 0;
	PROFILED_BURN(0.1);
	assert_int_equal(signals, 0);
}

static void a_thread_that_is_not_there_has_none(void **state)
{
	struct cpu_timer_options options = {
		.tid = 1 << 22, .signal_number = SIGUSR1, .first_ns = 1, .period_ns = 1
	};

	assert_true(cpu_timer_start(&options) < 0);
	assert_int_equal(cpu_timer_now_ns(1 << 22), 0);
	assert_true(cpu_timer_tick_ns() >= 100000 && cpu_timer_tick_ns() <= 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_follows_the_threads_cpu_time),
		cmocka_unit_test(a_thread_that_is_not_there_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
