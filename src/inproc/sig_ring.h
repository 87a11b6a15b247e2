/*
 * sig_ring: records from signal handlers to the one thread that reads them.
 *
 * Any number of handlers write at once, without locks; one reader takes the records in the order in
 * which their room was taken. A writer asks for the most it may need and gives back what is left;
 * where others came behind it in the meantime, that stays a gap until the reader has passed.
 *
 *   word:  | head | record … | head | (left over) | head | record … | 0 = nothing here yet
 *   head:  low half the length in words, this one included; high half enum sig_ring_kind
 *
 * Positions count words and never wrap; a record never crosses the end of the memory. The reader
 * writes zeros behind itself, so that a head of 0 always means a record under way.
 */
#ifndef INPROC_SIG_RING_H
#define INPROC_SIG_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIG_RING_CACHE_LINE 64

struct sig_ring {
	_Atomic uint64_t *words; /* zeroed memory; owned by whoever set it */
	size_t n_words;          /* a power of two */
	_Alignas(SIG_RING_CACHE_LINE) _Atomic uint64_t head; /* where the next record goes */
	_Alignas(SIG_RING_CACHE_LINE) _Atomic uint64_t tail; /* what the reader has not taken yet */
};

/* Room for a record of at most `words_max` words (less than half the ring); NULL if the ring is
 * full. *ret_at is for sig_ring_commit. Async-signal-safe. */
void *sig_ring_reserve(struct sig_ring *ring, size_t words_max, uint64_t *ret_at);

/* The first `words` of the `words_max` reserved hold the record; the rest is zeros, as it was. */
void sig_ring_commit(struct sig_ring *ring, uint64_t at, size_t words, size_t words_max);

/* Hands the records that are complete, in order, to `visit`; returns how many. One thread only. */
size_t sig_ring_drain(struct sig_ring *ring,
	void (*visit)(void *owner, const void *record, size_t words), void *owner);

#endif
