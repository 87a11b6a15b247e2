/* hook_mutex: mutexes, read-write locks and spin locks, so that waits and those who cause them are
 * seen.
 *
 * Each tries first: what is free costs one call as before. Only what was busy is timed. A try
 * answers as the lock would in all cases but EBUSY: then the real call says what it says, EDEADLK
 * too.
 */
#include <errno.h>
#include <stdbool.h>

#include "inproc/hook_real.h"
#include "inproc/lock_record.h"

/* Whether the C library would look at these before the lock. */
static bool is_valid(clockid_t clock, const struct timespec *until)
{
	return (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME) && until->tv_nsec >= 0 &&
	       until->tv_nsec < 1000000000;
}

/* The slow way: `call` waits for `lock`. */
#define WAIT(function, lock, call)                                         \
	do {                                                               \
		struct sig_sample_place place = HOOK_REAL_PLACE(function); \
		struct lock_record_wait wait;                              \
		int error;                                                 \
                                                                           \
		lock_record_begin(&wait, lock);                            \
		error = (call);                                            \
		lock_record_end(&wait, error, &place);                     \
		return error;                                              \
	} while (0)

#define UNLOCK(function, lock)                                                     \
	do {                                                                       \
		uint64_t waited_ns;                                                \
		int error;                                                         \
                                                                                   \
		if (!lock_record_is_on())                                          \
			return hook_real()->function(lock);                        \
		waited_ns = lock_record_held((const void *)(lock));                \
		error = hook_real()->function(lock);                               \
		if (__builtin_expect(waited_ns != 0, 0)) {                         \
			struct sig_sample_place place = HOOK_REAL_PLACE(function); \
                                                                                   \
			lock_record_unlocked(waited_ns, &place);                   \
		}                                                                  \
		return error;                                                      \
	} while (0)

HOOK_REAL_PUBLIC int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->pthread_mutex_lock(mutex);
	tried = real->pthread_mutex_trylock(mutex);
	if (__builtin_expect(tried != EBUSY, 1))
		return tried;
	WAIT(pthread_mutex_lock, mutex, real->pthread_mutex_lock(mutex));
}

HOOK_REAL_PUBLIC int pthread_mutex_timedlock(
	pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->pthread_mutex_timedlock(mutex, until);
	tried = real->pthread_mutex_trylock(mutex);
	if (tried != EBUSY)
		return tried;
	WAIT(pthread_mutex_timedlock, mutex, real->pthread_mutex_timedlock(mutex, until));
}

HOOK_REAL_PUBLIC int pthread_mutex_clocklock(
	pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on() || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME))
		return real->pthread_mutex_clocklock(mutex, clock, until);
	tried = real->pthread_mutex_trylock(mutex);
	if (tried != EBUSY)
		return tried;
	WAIT(pthread_mutex_clocklock, mutex, real->pthread_mutex_clocklock(mutex, clock, until));
}

HOOK_REAL_PUBLIC int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	UNLOCK(pthread_mutex_unlock, mutex);
}

HOOK_REAL_PUBLIC int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->pthread_rwlock_rdlock(lock);
	tried = real->pthread_rwlock_tryrdlock(lock);
	if (tried != EBUSY)
		return tried;
	WAIT(pthread_rwlock_rdlock, lock, real->pthread_rwlock_rdlock(lock));
}

HOOK_REAL_PUBLIC int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->pthread_rwlock_wrlock(lock);
	tried = real->pthread_rwlock_trywrlock(lock);
	if (tried != EBUSY)
		return tried;
	WAIT(pthread_rwlock_wrlock, lock, real->pthread_rwlock_wrlock(lock));
}

#define TIMED_RWLOCK(function, try, ...)                             \
	do {                                                         \
		const struct hook_real *real = hook_real();          \
		int tried;                                           \
                                                                     \
		if (!lock_record_is_on() || !is_valid(clock, until)) \
			return real->function(__VA_ARGS__);          \
		tried = real->try(lock);                             \
		if (tried != EBUSY)                                  \
			return tried;                                \
		WAIT(function, lock, real->function(__VA_ARGS__));   \
	} while (0)

HOOK_REAL_PUBLIC int pthread_rwlock_timedrdlock(
	pthread_rwlock_t *restrict lock, const struct timespec *restrict until)
{
	const clockid_t clock = CLOCK_REALTIME;

	TIMED_RWLOCK(pthread_rwlock_timedrdlock, pthread_rwlock_tryrdlock, lock, until);
}

HOOK_REAL_PUBLIC int pthread_rwlock_timedwrlock(
	pthread_rwlock_t *restrict lock, const struct timespec *restrict until)
{
	const clockid_t clock = CLOCK_REALTIME;

	TIMED_RWLOCK(pthread_rwlock_timedwrlock, pthread_rwlock_trywrlock, lock, until);
}

HOOK_REAL_PUBLIC int pthread_rwlock_clockrdlock(
	pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict until)
{
	TIMED_RWLOCK(pthread_rwlock_clockrdlock, pthread_rwlock_tryrdlock, lock, clock, until);
}

HOOK_REAL_PUBLIC int pthread_rwlock_clockwrlock(
	pthread_rwlock_t *restrict lock, clockid_t clock, const struct timespec *restrict until)
{
	TIMED_RWLOCK(pthread_rwlock_clockwrlock, pthread_rwlock_trywrlock, lock, clock, until);
}

HOOK_REAL_PUBLIC int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	UNLOCK(pthread_rwlock_unlock, lock);
}

HOOK_REAL_PUBLIC int pthread_spin_lock(pthread_spinlock_t *lock)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_spin_lock(lock);
	if (real->pthread_spin_trylock(lock) == 0)
		return 0;
	WAIT(pthread_spin_lock, (const void *)lock, real->pthread_spin_lock(lock));
}

HOOK_REAL_PUBLIC int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	UNLOCK(pthread_spin_unlock, lock);
}

/* C11's are the same locks with other answers. */
static int error_of(int result)
{
	return result == thrd_success ? 0 : result == thrd_timedout ? ETIMEDOUT : EINVAL;
}

#define WAIT_C11(function, lock, call)                                     \
	do {                                                               \
		struct sig_sample_place place = HOOK_REAL_PLACE(function); \
		struct lock_record_wait wait;                              \
		int result;                                                \
                                                                           \
		lock_record_begin(&wait, lock);                            \
		result = (call);                                           \
		lock_record_end(&wait, error_of(result), &place);          \
		return result;                                             \
	} while (0)

HOOK_REAL_PUBLIC int mtx_lock(mtx_t *mutex)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->mtx_lock(mutex);
	tried = real->mtx_trylock(mutex);
	if (tried != thrd_busy)
		return tried;
	WAIT_C11(mtx_lock, mutex, real->mtx_lock(mutex));
}

HOOK_REAL_PUBLIC int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();
	int tried;

	if (!lock_record_is_on())
		return real->mtx_timedlock(mutex, until);
	tried = real->mtx_trylock(mutex);
	if (tried != thrd_busy)
		return tried;
	WAIT_C11(mtx_timedlock, mutex, real->mtx_timedlock(mutex, until));
}

HOOK_REAL_PUBLIC int mtx_unlock(mtx_t *mutex)
{
	UNLOCK(mtx_unlock, mutex);
}
