/*
 * lock_waiters: which locks are waited for, and for how long, so that whoever unlocks one can be
 * charged with it.
 *
 * A lock that is waited for has an entry in a fixed table, with one word that tells all: the number
 * of waiters and the sum of the times since which they wait and nobody was charged yet:
 *
 *     63          48 47                                0
 *     | waiters n   | sum of `since` in ns, mod 2^48   |      waited until now = n * now - sum
 *
 * An unlock takes what has accrued and makes `since` now for all. A waiter that got the lock takes
 * its own `since` out of the sum; one that gave up leaves its time there, for the next unlock. No
 * locks: entries that nobody waits at change their lock by compare and swap, and whoever comes too
 * late looks again. Races may shift microseconds between two unlocks, never lose a waiter.
 */
#ifndef INPROC_LOCK_WAITERS_H
#define INPROC_LOCK_WAITERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOCK_WAITERS_BITS 12
#define LOCK_WAITERS_PROBES 8

struct lock_waiters_entry {
	_Atomic uintptr_t lock; /* 0 = never used */
	_Atomic uint64_t waiting;
	_Atomic uint64_t charged_ns; /* when somebody was charged last */
	uint64_t unused;
};

extern struct lock_waiters_entry lock_waiters[1 << LOCK_WAITERS_BITS];

static inline uint32_t lock_waiters_hash(const void *lock)
{
	return (uint32_t)((uintptr_t)lock * 0x9e3779b97f4a7c15u >> (64 - LOCK_WAITERS_BITS));
}

/* The entry of the lock if it may be waited for; NULL at the cost of a load, most times. */
static inline struct lock_waiters_entry *lock_waiters_find(const void *lock)
{
	uint32_t at = lock_waiters_hash(lock);

	for (uint32_t i = 0; i < LOCK_WAITERS_PROBES; i++) {
		struct lock_waiters_entry *e =
			&lock_waiters[(at + i) & ((1 << LOCK_WAITERS_BITS) - 1)];
		uintptr_t is = atomic_load_explicit(&e->lock, memory_order_relaxed);

		if (is == (uintptr_t)lock)
			return atomic_load_explicit(&e->waiting, memory_order_relaxed) ? e : NULL;
		if (!is)
			break;
	}
	return NULL;
}

/* A thread begins to wait. NULL if the table has no room there: nobody will be charged. */
struct lock_waiters_entry *lock_waiters_add(const void *lock, uint64_t now_ns);

/* It waits no more; `since_ns` is the time it began with. */
void lock_waiters_got(struct lock_waiters_entry *entry, uint64_t since_ns);
void lock_waiters_gave_up(struct lock_waiters_entry *entry, uint64_t now_ns);

/* What the holder that is about to unlock made others wait since it was last taken, in ns. */
uint64_t lock_waiters_charge(struct lock_waiters_entry *entry, uint64_t now_ns);

/* In the child of a fork nobody waits. */
void lock_waiters_after_fork(void);

#endif
