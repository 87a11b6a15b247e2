/* contended: a lock that is held while others want it, for tests of the hooks. */
#ifndef CONTENDED_H
#define CONTENDED_H

#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "inproc/lock_capture.h"
#include "inproc/thread_look.h"
#include "profiled.h"

static inline void contended_pause(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Until the thread waits for a lock; spinning is never seen as that, and given half a second. */
static inline void contended_until_waiting(pid_t tid)
{
	struct thread_look look = { .state = THREAD_LOOK_RUNNING };

	for (int i = 0; i < 250; i++) {
		thread_look_at(tid, &look);
		if (look.state == THREAD_LOOK_WAITING && look.call == SYS_futex)
			break;
		contended_pause(2);
	}
}

struct contended {
	void (*hold)(void), (*release)(void);
	sem_t held;
	pid_t wanting;
};

static inline void *contended_hold(void *context)
{
	struct contended *c = context;

	c->hold();
	sem_post(&c->held);
	contended_until_waiting(c->wanting);
	contended_pause(20);
	c->release();
	return NULL;
}

/* Another thread holds the lock; `want`, called meanwhile, waits for 20 ms at least. */
static inline void contended_run(void (*hold)(void), void (*release)(void), void (*want)(void))
{
	struct contended c = { hold, release, { { 0 } }, gettid() };
	pthread_t thread;

	sem_init(&c.held, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, contended_hold, &c), 0);
	while (sem_wait(&c.held) < 0)
		;
	want();
	pthread_join(thread, NULL);
}

static inline void contended_begin(void)
{
	struct err err;

	if (lock_capture_start(1, &err) < 0)
		fail_msg("%s", err.text);
}

static inline struct profile *contended_take(enum lock_record_kind kind)
{
	struct profile *profile = NULL;
	struct err err;

	if (lock_capture_take(kind, &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

/* The delay of samples with the function on their stacks, in ms. */
static inline double contended_delay_ms(const struct profile *p, const char *name)
{
	double sum = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t stack = p->samples[i].stack;
		bool found = false;

		for (; stack != STACK_EMPTY && !found; stack = p->stacks.nodes[stack].parent)
			found = profiled_location_is(p, p->stacks.nodes[stack].location, name);
		sum += found ? (double)p->values[i * p->n_types + 1] / 1e6 : 0;
	}
	return sum;
}

#endif
