/* locks_load: what locks cost: prints ns for each free pair, and how many contended ones a second.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define PAIRS 20000000
#define THREADS 4
#define SECONDS 1.0

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static _Atomic int done;
static volatile uint64_t sink;

static double now(clockid_t clock)
{
	struct timespec is;

	clock_gettime(clock, &is);
	return (double)is.tv_sec + (double)is.tv_nsec * 1e-9;
}

#define PAIR_NS(pair)                                                  \
	({                                                             \
		double began_ = now(CLOCK_THREAD_CPUTIME_ID);          \
		for (int i_ = 0; i_ < PAIRS; i_++) {                   \
			pair;                                          \
		}                                                      \
		(now(CLOCK_THREAD_CPUTIME_ID) - began_) * 1e9 / PAIRS; \
	})

static void *contend(void *count)
{
	uint64_t n = 0;

	while (!done) {
		pthread_mutex_lock(&mutex);
		for (int i = 0; i < 300; i++)
			sink += (uint64_t)i;
		pthread_mutex_unlock(&mutex);
		for (int i = 0; i < 100; i++)
			__asm__ volatile("pause");
		n++;
	}
	*(uint64_t *)count = n;
	return NULL;
}

static void *nothing(void *unused)
{
	return unused;
}

static double contended(void)
{
	const struct timespec second = { .tv_sec = 1 };
	uint64_t counts[THREADS], sum = 0;
	pthread_t threads[THREADS];
	double began = now(CLOCK_MONOTONIC);

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, contend, &counts[i]);
	nanosleep(&second, NULL);
	done = 1;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += counts[i];
	}
	return (double)sum / (now(CLOCK_MONOTONIC) - began);
}

int main(void)
{
	pthread_t thread;

	sem_init(&semaphore, 0, 1);
	/* Once there were two threads, the C library's locks are atomic. */
	pthread_create(&thread, NULL, nothing, NULL);
	pthread_join(thread, NULL);
	printf("mutex %.2f\n", PAIR_NS(pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex)));
	printf("rwlock %.2f\n",
		PAIR_NS(pthread_rwlock_rdlock(&rwlock); pthread_rwlock_unlock(&rwlock)));
	printf("semaphore %.2f\n", PAIR_NS(sem_wait(&semaphore); sem_post(&semaphore)));
	printf("contended %.0f\n", contended());
	return 0;
}
