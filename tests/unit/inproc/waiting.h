/* waiting: threads that wait in known places, for tests that look at them. */
#ifndef WAITING_H
#define WAITING_H

#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>

#include "inproc/thread_look.h"
#include "testing.h"

/* A sanitizer's own calls keep frame pointers: threads that wait there must be asked. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WAITING_SKIPS skip()
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WAITING_SKIPS skip()
#endif
#endif
#ifndef WAITING_SKIPS
#define WAITING_SKIPS (void)0
#endif

struct waiting {
	pthread_t thread;
	pid_t tid;
	int pipe[2];
	sem_t ready;
	volatile int until, burning;
};

__attribute__((noinline, unused)) static void waiting_read(struct waiting *w)
{
	char byte;

	while (read(w->pipe[0], &byte, 1) < 0)
		;
	__asm__ volatile("" ::: "memory");
}

__attribute__((noinline, unused)) static void waiting_burn(struct waiting *w)
{
	w->burning = 1;
	while (!w->until)
		;
	__asm__ volatile("" ::: "memory");
}

static void *waiting_run_read(void *context)
{
	struct waiting *w = context;

	w->tid = gettid();
	sem_post(&w->ready);
	waiting_read(w);
	return NULL;
}

static void *waiting_run_burn(void *context)
{
	struct waiting *w = context;

	w->tid = gettid();
	sem_post(&w->ready);
	waiting_burn(w);
	return NULL;
}

static inline void waiting_pause(long ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* A thread inside waiting_read, or one inside waiting_burn. */
static inline void waiting_begin(struct waiting *w, int burns)
{
	struct thread_look look;

	w->until = w->burning = 0;
	sem_init(&w->ready, 0, 0);
	assert_int_equal(pipe(w->pipe), 0);
	assert_int_equal(
		pthread_create(&w->thread, NULL, burns ? waiting_run_burn : waiting_run_read, w),
		0);
	while (sem_wait(&w->ready) < 0)
		;
	while (burns && !w->burning)
		waiting_pause(1);
	for (int i = 0; i < 1000 && !burns; i++) {
		thread_look_at(w->tid, &look);
		if (look.state == THREAD_LOOK_WAITING && look.call == 0)
			break;
		waiting_pause(1);
	}
}

static inline void waiting_end(struct waiting *w)
{
	w->until = 1;
	assert_int_equal(write(w->pipe[1], "", 1), 1);
	pthread_join(w->thread, NULL);
	close(w->pipe[0]);
	close(w->pipe[1]);
}

#endif
