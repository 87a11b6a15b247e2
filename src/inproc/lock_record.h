/*
 * lock_record: from a wait, or a lock that others waited for, to a record in a ring.
 *
 * Called by hooks, in any thread. A wait of d ns is recorded with probability min(1, d / rate); one
 * that is recorded although it was shorter than the rate stands for rate / d waits of d, so that
 * counts and delays are right on the average. Nothing here allocates, locks or changes errno.
 */
#ifndef INPROC_LOCK_RECORD_H
#define INPROC_LOCK_RECORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "inproc/lock_waiters.h"
#include "inproc/sig_sample.h"

enum lock_record_kind {
	LOCK_RECORD_BLOCK, /* charged to whoever waited */
	LOCK_RECORD_MUTEX, /* charged to whoever held the lock */
	LOCK_RECORD_KINDS
};

struct lock_record_counts {
	_Atomic uint64_t attempted[LOCK_RECORD_KINDS]; /* records */
	_Atomic uint64_t ring_full[LOCK_RECORD_KINDS]; /* of these, lost */
	_Atomic uint64_t uncharged; /* waits whose lock had no room in the table of waiters */
};

extern struct lock_record_counts lock_record_counts;
extern _Atomic uint32_t lock_record_flag;

/* A wait under way. */
struct lock_record_wait {
	uint64_t began_ns, mark;
	bool counts;
};

/* The calling thread waits for a lock. It may leave by a siglongjmp out of a signal handler: that
 * is found out once it unlocks, or waits again. */
struct lock_record_waiting {
	struct lock_waiters_entry *entry; /* NULL = it does not */
	uint64_t began_ns;
	const struct lock_record_wait *wait; /* on its stack */
};
extern __thread struct lock_record_waiting lock_record_waiting
	__attribute__((tls_model("initial-exec")));

static inline bool lock_record_is_on(void)
{
	return __builtin_expect(
		atomic_load_explicit(&lock_record_flag, memory_order_relaxed) != 0, 0);
}

/* Into `ring` (borrowed; it must stay for ever), from now on. */
void lock_record_start(struct sig_ring *ring, uint64_t rate_ns);
void lock_record_stop(void);

/* The calling thread is the profiler's own: its waits are nobody's business. */
void lock_record_leave_out(void);

/* Around the call that waits. `lock` is what somebody holds and will unlock, or NULL. */
void lock_record_begin(struct lock_record_wait *wait, const void *lock);
void lock_record_end(
	struct lock_record_wait *wait, int error, const struct sig_sample_place *place);

uint64_t lock_record_charge(struct lock_waiters_entry *entry);

/* Ends the calling thread's wait if it is over. */
void lock_record_look_back(void);

/* Before an unlock: what others waited for it, in ns, 0 most times; after it: the record. */
static inline uint64_t lock_record_held(const void *lock)
{
	struct lock_waiters_entry *entry;

	if (__builtin_expect(lock_record_waiting.entry != NULL, 0))
		lock_record_look_back();
	entry = lock_waiters_find(lock);
	return __builtin_expect(entry != NULL, 0) ? lock_record_charge(entry) : 0;
}
void lock_record_unlocked(uint64_t waited_ns, const struct sig_sample_place *place);

/* In the child of a fork: off. */
void lock_record_after_fork(void);

#endif
