/* own_threads: the threads that the library itself added to the program. */
#include "inproc/own_threads.h"

#include <stdatomic.h>
#include <unistd.h>

#include "inproc/cpu_timer.h"
#include "inproc/lock_record.h"

static struct {
	_Atomic pid_t tids[OWN_THREADS_MAX]; /* 0 = free */
	_Atomic uint64_t ended_ns;
} own;

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
			atomic_fetch_add(&own.ended_ns, cpu_timer_now_ns(tid));
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

		sum += tid ? cpu_timer_now_ns(tid) : 0;
	}
	return sum;
}

void own_threads_after_fork(void)
{
	for (size_t i = 0; i < OWN_THREADS_MAX; i++)
		atomic_store(&own.tids[i], 0);
	atomic_store(&own.ended_ns, 0);
}
