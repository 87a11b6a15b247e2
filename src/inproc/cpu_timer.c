/* cpu_timer: a timer on the CPU clock of one thread of this process. */
#include "inproc/cpu_timer.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)
#define USUAL_TICK_NS 4000000

uint64_t cpu_timer_tick_ns(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0 || tick.tv_sec || tick.tv_nsec < 1)
		return USUAL_TICK_NS;
	return (uint64_t)tick.tv_nsec;
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S) };
}

static uint64_t ns_of(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * NS_PER_S + (uint64_t)time->tv_nsec;
}

/* The kernel's name for the CPU clock of any thread of this process. */
static clockid_t clock_of(pid_t tid)
{
	return (clockid_t)((~(unsigned)tid) << 3 | 6);
}

uint64_t cpu_timer_now_ns(pid_t tid)
{
	struct timespec now;

	return clock_gettime(clock_of(tid), &now) < 0 ? 0 : ns_of(&now);
}

int cpu_timer_start(const struct cpu_timer_options *options)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = options->signal_number,
		.sigev_value.sival_ptr = options->value,
		._sigev_un._tid = options->tid };
	struct itimerspec when = { .it_value = timespec_of(options->first_ns),
		.it_interval = timespec_of(options->period_ns) };
	int timer;

	if (syscall(SYS_timer_create, clock_of(options->tid), &event, &timer) < 0)
		return -1;
	if (syscall(SYS_timer_settime, timer, 0, &when, NULL) < 0) {
		syscall(SYS_timer_delete, timer);
		return -1;
	}
	return timer;
}

void cpu_timer_stop(int timer)
{
	syscall(SYS_timer_delete, timer);
}
