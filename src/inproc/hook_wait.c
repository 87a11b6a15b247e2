/* hook_wait: conditions, semaphores, barriers and joins, so that waits are seen.
 *
 * Many of these are points where a thread can be cancelled: it then leaves through our frame, which
 * holds nothing. What a semaphore's fast path would skip of that is done here.
 */
#include <errno.h>
#include <stdbool.h>

#include "inproc/hook_real.h"
#include "inproc/lock_record.h"

/* `call` waits for something that nobody holds. */
#define WAIT(function, call, error_of)                                     \
	do {                                                               \
		struct sig_sample_place place = HOOK_REAL_PLACE(function); \
		struct lock_record_wait wait;                              \
		int result;                                                \
                                                                           \
		lock_record_begin(&wait, NULL);                            \
		result = (call);                                           \
		lock_record_end(&wait, error_of(result), &place);          \
		return result;                                             \
	} while (0)

#define ITSELF(error) (error)

/* Waiting at a condition unlocks its mutex: whoever waited for that is charged to us. */
#define CHARGE(function, mutex)                                                 \
	do {                                                                    \
		uint64_t waited_ns = lock_record_held(mutex);                   \
                                                                                \
		if (waited_ns) {                                                \
			struct sig_sample_place at = HOOK_REAL_PLACE(function); \
                                                                                \
			lock_record_unlocked(waited_ns, &at);                   \
		}                                                               \
	} while (0)

HOOK_REAL_PUBLIC int pthread_cond_wait(
	pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_cond_wait(condition, mutex);
	CHARGE(pthread_cond_wait, mutex);
	WAIT(pthread_cond_wait, real->pthread_cond_wait(condition, mutex), ITSELF);
}

HOOK_REAL_PUBLIC int pthread_cond_timedwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_cond_timedwait(condition, mutex, until);
	CHARGE(pthread_cond_timedwait, mutex);
	WAIT(pthread_cond_timedwait, real->pthread_cond_timedwait(condition, mutex, until), ITSELF);
}

HOOK_REAL_PUBLIC int pthread_cond_clockwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_cond_clockwait(condition, mutex, clock, until);
	CHARGE(pthread_cond_clockwait, mutex);
	WAIT(pthread_cond_clockwait, real->pthread_cond_clockwait(condition, mutex, clock, until),
		ITSELF);
}

static int error_of_c11(int result)
{
	return result == thrd_success ? 0 : result == thrd_timedout ? ETIMEDOUT : EINVAL;
}

HOOK_REAL_PUBLIC int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->cnd_wait(condition, mutex);
	CHARGE(cnd_wait, mutex);
	WAIT(cnd_wait, real->cnd_wait(condition, mutex), error_of_c11);
}

HOOK_REAL_PUBLIC int cnd_timedwait(
	cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->cnd_timedwait(condition, mutex, until);
	CHARGE(cnd_timedwait, mutex);
	WAIT(cnd_timedwait, real->cnd_timedwait(condition, mutex, until), error_of_c11);
}

/* The one thread that a barrier singles out has waited as well. */
static int error_of_barrier(int result)
{
	return result == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : result;
}

HOOK_REAL_PUBLIC int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_barrier_wait(barrier);
	WAIT(pthread_barrier_wait, real->pthread_barrier_wait(barrier), error_of_barrier);
}

HOOK_REAL_PUBLIC int pthread_join(pthread_t thread, void **ret)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->pthread_join(thread, ret);
	WAIT(pthread_join, real->pthread_join(thread, ret), ITSELF);
}

/* Semaphores return -1 and set errno, and do not touch it when they succeed. */
static int error_of_semaphore(int result)
{
	return result < 0 ? errno : 0;
}

static bool try_semaphore(const struct hook_real *real, sem_t *semaphore)
{
	int before = errno;
	bool got;

	pthread_testcancel();
	got = real->sem_trywait(semaphore) == 0;
	errno = before;
	return got;
}

static bool is_valid(clockid_t clock, const struct timespec *until)
{
	return (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME) && until->tv_nsec >= 0 &&
	       until->tv_nsec < 1000000000;
}

HOOK_REAL_PUBLIC int sem_wait(sem_t *semaphore)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on())
		return real->sem_wait(semaphore);
	if (try_semaphore(real, semaphore))
		return 0;
	WAIT(sem_wait, real->sem_wait(semaphore), error_of_semaphore);
}

HOOK_REAL_PUBLIC int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on() || !is_valid(CLOCK_REALTIME, until))
		return real->sem_timedwait(semaphore, until);
	if (try_semaphore(real, semaphore))
		return 0;
	WAIT(sem_timedwait, real->sem_timedwait(semaphore, until), error_of_semaphore);
}

HOOK_REAL_PUBLIC int sem_clockwait(
	sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until)
{
	const struct hook_real *real = hook_real();

	if (!lock_record_is_on() || !is_valid(clock, until))
		return real->sem_clockwait(semaphore, clock, until);
	if (try_semaphore(real, semaphore))
		return 0;
	WAIT(sem_clockwait, real->sem_clockwait(semaphore, clock, until), error_of_semaphore);
}
