/* sanitized: a program for sanitizers: threads that wait for each other in many ways. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static long counted, written;

static void wait_a_little(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec = (until.tv_nsec + 200000) % 1000000000;
	pthread_cond_timedwait(&condition, &mutex, &until);
}

static void *work(void *unused)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		counted++;
		if (i % 100 == 0)
			wait_a_little();
		pthread_mutex_unlock(&mutex);
		sem_wait(&semaphore);
		sem_post(&semaphore);
		pthread_rwlock_wrlock(&rwlock);
		written++;
		pthread_rwlock_unlock(&rwlock);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[8];

	sem_init(&semaphore, 0, 2);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld\n", counted, written);
	return 3;
}
