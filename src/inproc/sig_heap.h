/*
 * sig_heap: what the hooks of malloc and free do while a heap profile is kept.
 *
 * An allocation counts its bytes down from a random number; the one that reaches 0 is sampled. It
 * gets a slot in a table keyed by its address, and a record with its stack in the ring, which the
 * engine reads. A free looks its address up in a filter of 64 KiB, which is mostly a miss, and
 * otherwise marks the slot, before the memory goes back; the engine sees to the rest. Nothing here
 * waits, allocates or takes a lock: a fork may come at any place. Signals that the program handles
 * wait while a sample is taken.
 *
 *   slot:  0 = free; address = live; address | 1 = being given back; address | 2 = in a realloc
 *
 * A slot is free again at once; it counts its uses, and a record carries that count, by which the
 * engine knows whether what it has a record of is still there.
 *
 * Memory that was never touched costs a page fault at its first touch, so there are three tables,
 * one behind the other: of 4096 slots, of 65,536 and of 1,048,576. Once an address finds no room in
 * one, the next is used; an address is looked for in all that are. So it is with the rings: what
 * finds no room in the first, small one goes to the second.
 */
#ifndef INPROC_SIG_HEAP_H
#define INPROC_SIG_HEAP_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "inproc/sig_heap_table.h"
#include "inproc/sig_ring.h"

struct sig_heap_setup {
	/* values: size; slot (or none) and its use; kind: low bits of the epoch */
	struct sig_ring *rings[SIG_HEAP_RINGS];
	_Atomic uint64_t *slots; /* SIG_HEAP_SLOTS of them */
	_Atomic uint32_t *uses;  /* as many */
	uint64_t mean;           /* bytes from sample to sample */
};

struct sig_heap_counts {
	_Atomic uint64_t attempted; /* samples, before anything else is done about them */
	_Atomic uint64_t ring_full; /* of these, lost for want of room in the ring … */
	_Atomic uint64_t
		not_ready; /* … because tables were being changed, or inside another sample */
	_Atomic uint64_t lost_objects; /* what those stood for, as sig_poisson_objects … */
	_Atomic uint64_t lost_bytes;   /* … and sig_poisson_bytes */
	_Atomic uint64_t gone;         /* sampled objects that were given back */
};

/* The calling thread's part. Zeros at first. What is left until the next sample is told in parts: a
 * thread that has used one up looks whether all is still as it was. */
struct sig_heap_thread {
	uint64_t until; /* bytes that pass at once … */
	uint64_t rest;  /* … and those behind them, until the next sample */
	uint64_t random;
	uint32_t epoch;
	uint8_t inside; /* a sample is being taken */
	uint8_t exempt; /* a thread of the profiler */
};

extern struct sig_heap_counts sig_heap_counts;
extern _Atomic uint32_t sig_heap_epoch; /* 0 = off; otherwise another one each time */
extern _Atomic uint8_t sig_heap_filter[SIG_HEAP_FILTER];
extern __thread struct sig_heap_thread sig_heap_thread __attribute__((tls_model("initial-exec")));

/* Begins, with an empty table; borrowed, and to stay for ever, because a hook may be late. A thread
 * takes part at once if it is the calling one, is new or calls sig_heap_join; otherwise after some
 * KiB. */
void sig_heap_begin(const struct sig_heap_setup *setup);
void sig_heap_end(void);

static inline void sig_heap_join(void)
{
	sig_heap_thread.until = 0;
}

/* From now on sig_heap_may_be_sampled is true of all that lies there; at one place only. */
void sig_heap_suspect(const void *at, size_t size);

/* The slot and its use, as records carry them. */
static inline uint64_t sig_heap_place(uint32_t slot, uint32_t use)
{
	return (uint64_t)use << 32 | slot;
}

/* Whether the object of that record is live. */
static inline int sig_heap_is_live(const struct sig_heap_setup *setup, uint64_t place)
{
	return atomic_load(&setup->uses[(uint32_t)place]) == (uint32_t)(place >> 32);
}

/* The low bits of the epoch, as records carry them. */
static inline uint8_t sig_heap_kind(uint32_t epoch)
{
	return (uint8_t)epoch;
}

/* `leaf` is the function that was called, `caller` where it returns to; `at` NULL: there was no
 * memory. */
void sig_heap_sample(void *at, size_t size, uint64_t leaf, uint64_t caller);
void sig_heap_forget(void *at);

/* The 256 bytes around an address share a byte of the filter, and neighbours lie side by side, so
 * that a program that works in one place does so in the filter. */
static inline size_t sig_heap_index(const void *at)
{
	uint64_t address = (uint64_t)at;

	return (address >> 8 ^ address >> 24) % SIG_HEAP_FILTER;
}

/* Before an allocation: whether it is none that is sampled. Otherwise sig_heap_sample comes after
 * it, even if it failed. */
static inline int sig_heap_passes(size_t size)
{
	uint64_t until = sig_heap_thread.until, left;

	if (__builtin_sub_overflow(until, size + !size, &left))
		return 0;
	sig_heap_thread.until = left;
	return 1;
}

/* Both, where it is done already. */
static inline void sig_heap_allocated(void *at, size_t size, uint64_t leaf, uint64_t caller)
{
	if (at && !sig_heap_passes(size))
		sig_heap_sample(at, size, leaf, caller);
}

static inline int sig_heap_may_be_sampled(void *at)
{
	return __builtin_expect(atomic_load_explicit(&sig_heap_filter[sig_heap_index(at)],
					memory_order_relaxed) != 0,
		0);
}

/* Before the memory is given back. */
static inline void sig_heap_freed(void *at)
{
	if (sig_heap_may_be_sampled(at))
		sig_heap_forget(at);
}

/* Around a realloc: SIG_HEAP_NO_SLOT if the block is not a sampled one. The block is nobody's
 * meanwhile; afterwards it has been given back, or not. */
uint32_t sig_heap_hold(void *at);
void sig_heap_settle(uint32_t slot, int given_back);

#endif
