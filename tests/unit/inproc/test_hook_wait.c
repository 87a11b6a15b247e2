/* test_hook_wait: waits for conditions, semaphores, barriers and threads are seen. */
#include <errno.h>
#include <threads.h>

#include "contended.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static cnd_t c11_condition;
static mtx_t c11;
static sem_t semaphore;
static pthread_barrier_t barrier;

static struct timespec in_20_ms(clockid_t clock)
{
	struct timespec until;

	clock_gettime(clock, &until);
	until.tv_nsec += 20000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

static pid_t waiter;
static volatile int stage;

static void *wake_later(void *unused)
{
	contended_until_waiting(waiter);
	contended_pause(20);
	pthread_mutex_lock(&mutex);
	pthread_cond_broadcast(&condition);
	pthread_mutex_unlock(&mutex);
	cnd_broadcast(&c11_condition);
	sem_post(&semaphore);
	pthread_barrier_wait(&barrier);
	return unused;
}

/* Waits in every way, each for about 20 ms. */
static void wait_in_every_way(void)
{
	struct timespec until;
	pthread_t thread;

	waiter = gettid();
	assert_int_equal(pthread_create(&thread, NULL, wake_later, NULL), 0);
	pthread_mutex_lock(&mutex);
	pthread_cond_wait(&condition, &mutex);
	pthread_mutex_unlock(&mutex);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	assert_int_equal(sem_wait(&semaphore), 0);

	pthread_mutex_lock(&mutex);
	until = in_20_ms(CLOCK_REALTIME);
	assert_int_equal(pthread_cond_timedwait(&condition, &mutex, &until), ETIMEDOUT);
	until = in_20_ms(CLOCK_MONOTONIC);
	assert_int_equal(
		pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &until), ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	mtx_lock(&c11);
	until = in_20_ms(CLOCK_REALTIME);
	assert_int_equal(cnd_timedwait(&c11_condition, &c11, &until), thrd_timedout);
	mtx_unlock(&c11);
	until = in_20_ms(CLOCK_REALTIME);
	assert_int_equal(sem_timedwait(&semaphore, &until), -1);
	assert_int_equal(errno, ETIMEDOUT);
	until = in_20_ms(CLOCK_MONOTONIC);
	assert_int_equal(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &until), -1);
	assert_int_equal(errno, ETIMEDOUT);
}

static void every_wait_is_seen(void **state)
{
	static const char *const ways[] = { "pthread_cond_wait", "pthread_cond_timedwait",
		"pthread_cond_clockwait", "cnd_timedwait", "sem_timedwait", "sem_clockwait" };
	struct profile *block;

	pthread_barrier_init(&barrier, NULL, 2);
	sem_init(&semaphore, 0, 0);
	mtx_init(&c11, mtx_plain);
	cnd_init(&c11_condition);
	contended_begin();
	wait_in_every_way();
	block = contended_take(LOCK_RECORD_BLOCK);
	lock_capture_stop(NULL);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (contended_delay_ms(block, ways[i]) < 10)
			fail_msg("%s was not seen", ways[i]);
	assert_true(profiled_total(block, "pthread_barrier_wait") == 2);
	assert_true(profiled_total(block, "pthread_join") == 1);
	assert_true(profiled_total(block, "sem_wait") == 0); /* it was free */
	profile_free(block);
}

static int hold_c11_and_wake(void *unused)
{
	contended_until_waiting(waiter);
	contended_pause(20);
	mtx_lock(&c11);
	cnd_broadcast(&c11_condition);
	mtx_unlock(&c11);
	while (!stage)
		contended_pause(1);
	contended_until_waiting(waiter);
	contended_pause(20);
	sem_post(&semaphore);
	return 0;
}

static void waits_without_an_end_are_seen_too(void **state)
{
	struct profile *block;
	thrd_t thread;

	contended_begin();
	mtx_lock(&c11);
	assert_int_equal(thrd_create(&thread, hold_c11_and_wake, NULL), thrd_success);
	assert_int_equal(cnd_wait(&c11_condition, &c11), thrd_success);
	mtx_unlock(&c11);
	stage = 1;
	assert_int_equal(sem_wait(&semaphore), 0);
	thrd_join(thread, NULL);
	block = contended_take(LOCK_RECORD_BLOCK);
	lock_capture_stop(NULL);
	assert_true(contended_delay_ms(block, "cnd_wait") > 10);
	assert_true(contended_delay_ms(block, "sem_wait") > 10);
	profile_free(block);
}

/* Waiting at a condition lets go of the mutex, which others may be waiting for. */
static void hold_until_signalled(void)
{
	pthread_mutex_lock(&mutex);
}

static void let_go_by_waiting(void)
{
	struct timespec until = in_20_ms(CLOCK_REALTIME);

	pthread_cond_timedwait(&condition, &mutex, &until);
	pthread_mutex_unlock(&mutex);
}

static void want(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void a_condition_is_an_unlock(void **state)
{
	struct profile *blamed;

	contended_begin();
	contended_run(hold_until_signalled, let_go_by_waiting, want);
	blamed = contended_take(LOCK_RECORD_MUTEX);
	lock_capture_stop(NULL);
	assert_true(contended_delay_ms(blamed, "pthread_cond_timedwait") > 10);
	profile_free(blamed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wait_is_seen),
		cmocka_unit_test(waits_without_an_end_are_seen_too),
		cmocka_unit_test(a_condition_is_an_unlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
