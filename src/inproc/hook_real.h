/*
 * hook_real: the C library's own functions behind our hooks.
 *
 * Found once, when the library is loaded or when a hook is first called, whichever comes first.
 */
#ifndef INPROC_HOOK_REAL_H
#define INPROC_HOOK_REAL_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <threads.h>
#include <time.h>

/* Each as X(result, name, parameters, version of the symbol or NULL for the newest). */
#define HOOK_REAL_FUNCTIONS(X)                                                                   \
	X(int, pthread_mutex_lock, (pthread_mutex_t *), NULL)                                    \
	X(int, pthread_mutex_trylock, (pthread_mutex_t *), NULL)                                 \
	X(int, pthread_mutex_timedlock, (pthread_mutex_t *, const struct timespec *), NULL)      \
	X(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, const struct timespec *), \
		NULL)                                                                            \
	X(int, pthread_mutex_unlock, (pthread_mutex_t *), NULL)                                  \
	X(int, pthread_rwlock_rdlock, (pthread_rwlock_t *), NULL)                                \
	X(int, pthread_rwlock_wrlock, (pthread_rwlock_t *), NULL)                                \
	X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t *), NULL)                             \
	X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t *), NULL)                             \
	X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, const struct timespec *), NULL)  \
	X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, const struct timespec *), NULL)  \
	X(int, pthread_rwlock_clockrdlock,                                                       \
		(pthread_rwlock_t *, clockid_t, const struct timespec *), NULL)                  \
	X(int, pthread_rwlock_clockwrlock,                                                       \
		(pthread_rwlock_t *, clockid_t, const struct timespec *), NULL)                  \
	X(int, pthread_rwlock_unlock, (pthread_rwlock_t *), NULL)                                \
	X(int, pthread_spin_lock, (pthread_spinlock_t *), NULL)                                  \
	X(int, pthread_spin_trylock, (pthread_spinlock_t *), NULL)                               \
	X(int, pthread_spin_unlock, (pthread_spinlock_t *), NULL)                                \
	X(int, pthread_cond_wait, (pthread_cond_t *, pthread_mutex_t *), "GLIBC_2.3.2")          \
	X(int, pthread_cond_timedwait,                                                           \
		(pthread_cond_t *, pthread_mutex_t *, const struct timespec *), "GLIBC_2.3.2")   \
	X(int, pthread_cond_clockwait,                                                           \
		(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *), NULL) \
	X(int, pthread_barrier_wait, (pthread_barrier_t *), NULL)                                \
	X(int, pthread_join, (pthread_t, void **), NULL)                                         \
	X(int, sem_wait, (sem_t *), NULL)                                                        \
	X(int, sem_trywait, (sem_t *), NULL)                                                     \
	X(int, sem_timedwait, (sem_t *, const struct timespec *), NULL)                          \
	X(int, sem_clockwait, (sem_t *, clockid_t, const struct timespec *), NULL)               \
	X(int, mtx_lock, (mtx_t *), NULL)                                                        \
	X(int, mtx_trylock, (mtx_t *), NULL)                                                     \
	X(int, mtx_timedlock, (mtx_t *, const struct timespec *), NULL)                          \
	X(int, mtx_unlock, (mtx_t *), NULL)                                                      \
	X(int, cnd_wait, (cnd_t *, mtx_t *), NULL)                                               \
	X(int, cnd_timedwait, (cnd_t *, mtx_t *, const struct timespec *), NULL)

struct hook_real {
#define HOOK_REAL_MEMBER(result, name, parameters, version) result(*name) parameters;
	HOOK_REAL_FUNCTIONS(HOOK_REAL_MEMBER)
#undef HOOK_REAL_MEMBER
};

extern _Atomic(const struct hook_real *) hook_real_found;

const struct hook_real *hook_real_find(void);

static inline const struct hook_real *hook_real(void)
{
	const struct hook_real *found =
		atomic_load_explicit(&hook_real_found, memory_order_relaxed);

	return __builtin_expect(found != NULL, 1) ? found : hook_real_find();
}

/* What a hook in the C library's place looks like. */
#define HOOK_REAL_PUBLIC __attribute__((visibility("default")))

/* Inside of a hook: where it was called. */
#define HOOK_REAL_PLACE(function)                               \
	{                                                       \
		.leaf = (uint64_t)(uintptr_t)(function),        \
		.caller = (uint64_t)__builtin_return_address(0) \
	}

#endif
