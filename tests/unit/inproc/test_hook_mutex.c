/* test_hook_mutex: waits for each kind of lock are seen, and locks do what they did. */
#include <errno.h>
#include <threads.h>

#include "contended.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static mtx_t c11;

static struct timespec in_a_second(clockid_t clock, long ms)
{
	struct timespec until;

	clock_gettime(clock, &until);
	until.tv_sec++;
	return until;
}

#define VOID(name, call)       \
	static void name(void) \
	{                      \
		(void)(call);  \
	}

VOID(hold_mutex, pthread_mutex_lock(&mutex))
VOID(release_mutex, pthread_mutex_unlock(&mutex))
VOID(hold_rwlock, pthread_rwlock_wrlock(&rwlock))
VOID(release_rwlock, pthread_rwlock_unlock(&rwlock))
VOID(hold_spin, pthread_spin_lock(&spin))
VOID(release_spin, pthread_spin_unlock(&spin))
VOID(hold_c11, mtx_lock(&c11))
VOID(release_c11, mtx_unlock(&c11))

#define WANT(name, call, release)                                       \
	static void name(void)                                          \
	{                                                               \
		struct timespec real = in_a_second(CLOCK_REALTIME, 0);  \
		struct timespec mono = in_a_second(CLOCK_MONOTONIC, 0); \
		(void)real;                                             \
		(void)mono;                                             \
		assert_int_equal(call, 0);                              \
		release();                                              \
	}

WANT(want_lock, pthread_mutex_lock(&mutex), release_mutex)
WANT(want_timedlock, pthread_mutex_timedlock(&mutex, &real), release_mutex)
WANT(want_clocklock, pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &mono), release_mutex)
WANT(want_rdlock, pthread_rwlock_rdlock(&rwlock), release_rwlock)
WANT(want_wrlock, pthread_rwlock_wrlock(&rwlock), release_rwlock)
WANT(want_timedrdlock, pthread_rwlock_timedrdlock(&rwlock, &real), release_rwlock)
WANT(want_timedwrlock, pthread_rwlock_timedwrlock(&rwlock, &real), release_rwlock)
WANT(want_clockrdlock, pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &mono), release_rwlock)
WANT(want_clockwrlock, pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &mono), release_rwlock)
WANT(want_spin, pthread_spin_lock(&spin), release_spin)
WANT(want_mtx, mtx_lock(&c11), release_c11)
WANT(want_mtx_timed, mtx_timedlock(&c11, &real), release_c11)

static void every_lock_is_seen_from_both_sides(void **state)
{
	static const struct {
		void (*hold)(void), (*release)(void), (*want)(void);
		const char *name, *unlock;
	} ways[] = {
		{ hold_mutex, release_mutex, want_lock, "pthread_mutex_lock",
			"pthread_mutex_unlock" },
		{ hold_mutex, release_mutex, want_timedlock, "pthread_mutex_timedlock",
			"pthread_mutex_unlock" },
		{ hold_mutex, release_mutex, want_clocklock, "pthread_mutex_clocklock",
			"pthread_mutex_unlock" },
		{ hold_rwlock, release_rwlock, want_rdlock, "pthread_rwlock_rdlock",
			"pthread_rwlock_unlock" },
		{ hold_rwlock, release_rwlock, want_wrlock, "pthread_rwlock_wrlock",
			"pthread_rwlock_unlock" },
		{ hold_rwlock, release_rwlock, want_timedrdlock, "pthread_rwlock_timedrdlock",
			"pthread_rwlock_unlock" },
		{ hold_rwlock, release_rwlock, want_timedwrlock, "pthread_rwlock_timedwrlock",
			"pthread_rwlock_unlock" },
		{ hold_rwlock, release_rwlock, want_clockrdlock, "pthread_rwlock_clockrdlock",
			"pthread_rwlock_unlock" },
		{ hold_rwlock, release_rwlock, want_clockwrlock, "pthread_rwlock_clockwrlock",
			"pthread_rwlock_unlock" },
		{ hold_spin, release_spin, want_spin, "pthread_spin_lock", "pthread_spin_unlock" },
		{ hold_c11, release_c11, want_mtx, "mtx_lock", "mtx_unlock" },
		{ hold_c11, release_c11, want_mtx_timed, "mtx_timedlock", "mtx_unlock" },
	};

	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	mtx_init(&c11, mtx_timed);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct profile *block, *blamed;

		contended_begin();
		contended_run(ways[i].hold, ways[i].release, ways[i].want);
		block = contended_take(LOCK_RECORD_BLOCK);
		blamed = contended_take(LOCK_RECORD_MUTEX);
		lock_capture_stop(NULL);
		if (contended_delay_ms(block, ways[i].name) < 10)
			fail_msg("%s was not seen", ways[i].name);
		if (contended_delay_ms(blamed, ways[i].unlock) < 10)
			fail_msg("%s was not charged", ways[i].unlock);
		profile_free(block);
		profile_free(blamed);
	}
}

static void a_free_lock_is_no_wait(void **state)
{
	struct profile *block;

	contended_begin();
	for (int i = 0; i < 1000; i++) {
		want_lock();
		want_rdlock();
		want_mtx();
		want_spin();
	}
	block = contended_take(LOCK_RECORD_BLOCK);
	assert_int_equal(profile_total(block, 0), 0);
	profile_free(block);
	lock_capture_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lock_is_seen_from_both_sides),
		cmocka_unit_test(a_free_lock_is_no_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
