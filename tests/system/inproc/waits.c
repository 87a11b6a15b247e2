/* waits: a program that waits in every way there is and measures itself how long.
 *
 *   waits BLOCK.PB.GZ MUTEX.PB.GZ [RATE_NS]
 *
 * For each way "NAME WAITED CAUSED": ns that threads waited, and how much of that was due to
 * whoever held the lock. NAME is a function that is on all stacks of that way, and on none of
 * another.
 */
#include <errno.h>
#include <flyover/flyover.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>

#define THREADS 4
#define ROUNDS 60

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, quick = PTHREAD_MUTEX_INITIALIZER;
static mtx_t c11;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_spinlock_t spin;
static sem_t semaphore;
static pthread_barrier_t barrier;
static _Atomic uint64_t blocked[16], caused[16];
static uint64_t unlocked[16]; /* when, each under its lock */
static _Atomic bool done;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec until;

	clock_gettime(clock, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

static void hold(uint64_t ns)
{
	uint64_t until = now_ns() + ns;
	const struct timespec pause = { .tv_nsec = 50000 };

	while (now_ns() < until)
		nanosleep(&pause, NULL);
}

#define TIMED(way, call)                           \
	do {                                       \
		uint64_t began_ = now_ns();        \
		(call);                            \
		blocked[way] += now_ns() - began_; \
	} while (0)

/* With the lock that the last holder let go of: until then it was the holder's doing. */
#define GOT(way, began)                                                 \
	do {                                                            \
		uint64_t ended_ = unlocked[way];                        \
		caused[way] += ended_ > (began) ? ended_ - (began) : 0; \
	} while (0)

#define HELD(way, lock, ns, unlock)             \
	do {                                    \
		uint64_t began_way_ = now_ns(); \
		TIMED(way, lock);               \
		GOT(way, began_way_);           \
		hold(ns);                       \
		unlocked[way] = now_ns();       \
		unlock;                         \
	} while (0)

enum way {
	MUTEX,
	TIMED_OUT,
	C11,
	READ,
	WRITE,
	CONDITION,
	SEMAPHORE,
	SEMAPHORE_TIMED,
	BARRIER,
	SPIN,
	QUICK,
	WAYS
};
static const char *const names[WAYS] = { "way_mutex", "way_timed_out", "way_c11", "way_read",
	"way_write", "way_condition", "way_semaphore", "way_semaphore_timed", "way_barrier",
	"way_spin", "way_quick" };

#define WAY __attribute__((noinline)) static void
#define NO_TAIL __asm__ volatile("" ::: "memory")

WAY way_mutex(void)
{
	HELD(MUTEX, pthread_mutex_lock(&mutex), 400000, pthread_mutex_unlock(&mutex));
	NO_TAIL;
}

WAY way_timed_out(void)
{
	struct timespec until = in_ms(CLOCK_MONOTONIC, 1);
	int error;

	TIMED(TIMED_OUT, error = pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until));
	if (error == 0)
		pthread_mutex_unlock(&mutex);
	NO_TAIL;
}

WAY way_c11(void)
{
	HELD(C11, mtx_lock(&c11), 300000, mtx_unlock(&c11));
	NO_TAIL;
}

WAY way_read(void)
{
	TIMED(READ, pthread_rwlock_rdlock(&rwlock));
	hold(300000);
	pthread_rwlock_unlock(&rwlock);
	NO_TAIL;
}

WAY way_write(void)
{
	HELD(WRITE, pthread_rwlock_wrlock(&rwlock), 300000, pthread_rwlock_unlock(&rwlock));
	NO_TAIL;
}

WAY way_condition(void)
{
	struct timespec until = in_ms(CLOCK_REALTIME, 2);

	pthread_mutex_lock(&quick);
	TIMED(CONDITION, pthread_cond_timedwait(&condition, &quick, &until));
	pthread_mutex_unlock(&quick);
	NO_TAIL;
}

WAY way_semaphore(void)
{
	TIMED(SEMAPHORE, sem_wait(&semaphore));
	hold(300000);
	sem_post(&semaphore);
	NO_TAIL;
}

WAY way_semaphore_timed(void)
{
	struct timespec until = in_ms(CLOCK_REALTIME, 1);
	int got;

	TIMED(SEMAPHORE_TIMED, got = sem_timedwait(&semaphore, &until));
	if (got == 0)
		sem_post(&semaphore);
	NO_TAIL;
}

WAY way_barrier(void)
{
	hold(200000);
	TIMED(BARRIER, pthread_barrier_wait(&barrier));
	NO_TAIL;
}

WAY way_spin(void)
{
	HELD(SPIN, pthread_spin_lock(&spin), 200000, pthread_spin_unlock(&spin));
	NO_TAIL;
}

/* Waits that are shorter than the rate: these are sampled. */
WAY way_quick(void)
{
	static volatile uint64_t sink;
	const struct timespec pause = { .tv_nsec = 1000 };

	for (int i = 0; i < 60; i++) {
		TIMED(QUICK, pthread_mutex_lock(&quick));
		for (int k = 0; k < 20000; k++)
			sink += (uint64_t)k;
		pthread_mutex_unlock(&quick);
		nanosleep(&pause, NULL);
	}
	NO_TAIL;
}

static void (*const ways[WAYS])(void) = { way_mutex, way_timed_out, way_c11, way_read, way_write,
	way_condition, way_semaphore, way_semaphore_timed, way_barrier, way_spin, way_quick };

static void *run_way(void *way)
{
	for (int i = 0; i < ROUNDS; i++)
		((void (*)(void))way)();
	return NULL;
}

/* Holds what way_timed_out wants. */
__attribute__((noinline)) static void hold_long(void)
{
	pthread_mutex_lock(&mutex);
	hold(3000000);
	pthread_mutex_unlock(&mutex);
	NO_TAIL;
}

static void *keep_holding(void *unused)
{
	const struct timespec pause = { .tv_nsec = 100000 };

	while (!done) {
		hold_long();
		nanosleep(&pause, NULL);
	}
	return unused;
}

static void run_all(enum way way)
{
	pthread_t threads[THREADS], holder;

	if (way == TIMED_OUT) {
		done = false;
		pthread_create(&holder, NULL, keep_holding, NULL);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run_way, (void *)ways[way]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (way == TIMED_OUT) {
		done = true;
		pthread_join(holder, NULL);
	}
}

int main(int argc, char **argv)
{
	struct fly_lock_options options = { .size = sizeof(options) };
	struct fly_error error;

	if (argc < 3)
		return 2;
	if (argc > 3)
		options.rate_ns = strtoull(argv[3], NULL, 10);
	mtx_init(&c11, mtx_plain);
	sem_init(&semaphore, 0, 1);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	pthread_barrier_init(&barrier, NULL, THREADS);
	if (fly_lock_start(&options, &error))
		goto fail;
	for (int way = 0; way < WAYS; way++)
		run_all((enum way)way);
	if (fly_lock_stop(&error) || fly_lock_write(FLY_LOCK_BLOCK, argv[1], -1, &error) ||
		fly_lock_write(FLY_LOCK_MUTEX, argv[2], -1, &error))
		goto fail;
	for (int way = 0; way < WAYS; way++)
		printf("%s %llu %llu\n", names[way], (unsigned long long)blocked[way],
			(unsigned long long)caused[way]);
	return 0;
fail:
	fprintf(stderr, "%s\n", error.text);
	return 1;
}
