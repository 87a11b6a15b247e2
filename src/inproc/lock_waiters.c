/* lock_waiters: which locks are waited for, and for how long. */
#include "inproc/lock_waiters.h"

#include <string.h>

#define SUM_BITS 48
#define SUM_MASK ((UINT64_C(1) << SUM_BITS) - 1)
#define WAITERS_MAX 0xffffu

struct lock_waiters_entry lock_waiters[1 << LOCK_WAITERS_BITS];

static uint64_t word_of(uint64_t n, uint64_t sum)
{
	return n << SUM_BITS | (sum & SUM_MASK);
}

/* Changes the number by `n` and the sum by `sum`; the last one out leaves nothing if `clears`. */
static bool change(struct lock_waiters_entry *e, int n, uint64_t sum, bool clears)
{
	uint64_t is = atomic_load(&e->waiting), will, count;

	do {
		count = (is >> SUM_BITS) + (uint64_t)(int64_t)n;
		if (count > WAITERS_MAX)
			return false;
		will = clears && count == 0 ? 0 : word_of(count, is + sum);
	} while (!atomic_compare_exchange_weak(&e->waiting, &is, will));
	return true;
}

static struct lock_waiters_entry *claim(const void *lock, uint32_t probe)
{
	struct lock_waiters_entry *e =
		&lock_waiters[(lock_waiters_hash(lock) + probe) & ((1 << LOCK_WAITERS_BITS) - 1)];
	uintptr_t is = atomic_load(&e->lock);

	if (is == (uintptr_t)lock)
		return e;
	if (is && atomic_load(&e->waiting))
		return NULL;
	if (atomic_compare_exchange_strong(&e->lock, &is, (uintptr_t)lock) || is == (uintptr_t)lock)
		return e;
	return NULL;
}

struct lock_waiters_entry *lock_waiters_add(const void *lock, uint64_t now_ns)
{
	struct lock_waiters_entry *e = lock_waiters_find(lock);

	for (uint32_t i = 0; i < LOCK_WAITERS_PROBES; i++) {
		if (!e)
			e = claim(lock, i);
		if (e && change(e, 1, now_ns, false)) {
			if (atomic_load(&e->lock) == (uintptr_t)lock)
				return e;
			change(e, -1, 0 - now_ns, true); /* another lock has it by now */
		}
		e = NULL;
	}
	return NULL;
}

void lock_waiters_got(struct lock_waiters_entry *e, uint64_t since_ns)
{
	uint64_t charged_ns = atomic_load(&e->charged_ns);

	change(e, -1, 0 - (charged_ns > since_ns ? charged_ns : since_ns), true);
}

void lock_waiters_gave_up(struct lock_waiters_entry *e, uint64_t now_ns)
{
	change(e, -1, 0 - now_ns, false);
}

uint64_t lock_waiters_charge(struct lock_waiters_entry *e, uint64_t now_ns)
{
	uint64_t is = atomic_load(&e->waiting), n, waited;

	do {
		n = is >> SUM_BITS;
		waited = (n * now_ns - is) & SUM_MASK;
	} while (!atomic_compare_exchange_weak(&e->waiting, &is, word_of(n, n * now_ns)));
	atomic_store(&e->charged_ns, now_ns);
	return waited >> (SUM_BITS - 1) ? 0 : waited; /* somebody began a moment after `now` */
}

void lock_waiters_after_fork(void)
{
	memset(lock_waiters, 0, sizeof(lock_waiters));
}
