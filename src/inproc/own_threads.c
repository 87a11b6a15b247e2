/* own_threads: the threads that the library itself added to the program. */
#include "inproc/own_threads.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "inproc/lock_record.h"

static struct {
	_Atomic pid_t tids[OWN_THREADS_MAX]; /* 0 = free */
	_Atomic uint64_t ended_ns;
} own;

/* 0 if the thread is gone. The kernel's name for the CPU clock of any thread of this process. */
static uint64_t cpu_time_of(pid_t tid)
{
	struct timespec now;

	if (clock_gettime((clockid_t)((~(unsigned)tid) << 3 | 6), &now) < 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void own_threads_begin(void)
{
	pid_t tid = gettid();

	lock_record_leave_out();
	for (size_t i = 0; i < OWN_THREADS_MAX; i++) {
		pid_t none = 0;

		if (atomic_compare_exchange_strong(&own.tids[i], &none, tid))
			return;
	}
}

void own_threads_end(void)
{
	pid_t tid = gettid();

	for (size_t i = 0; i < OWN_THREADS_MAX; i++)
		if (atomic_load(&own.tids[i]) == tid) {
			atomic_fetch_add(&own.ended_ns, cpu_time_of(tid));
			atomic_store(&own.tids[i], 0);
			return;
		}
}

bool own_threads_have(pid_t tid)
{
	for (size_t i = 0; i < OWN_THREADS_MAX; i++)
		if (atomic_load(&own.tids[i]) == tid)
			return true;
	return false;
}

uint64_t own_threads_cpu_ns(void)
{
	uint64_t sum = atomic_load(&own.ended_ns);

	for (size_t i = 0; i < OWN_THREADS_MAX; i++) {
		pid_t tid = atomic_load(&own.tids[i]);

		sum += tid ? cpu_time_of(tid) : 0;
	}
	return sum;
}

void own_threads_after_fork(void)
{
	for (size_t i = 0; i < OWN_THREADS_MAX; i++)
		atomic_store(&own.tids[i], 0);
	atomic_store(&own.ended_ns, 0);
}
