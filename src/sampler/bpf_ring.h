/*
 * bpf_ring: a BPF ring buffer read up to a position noted before.
 *
 * libbpf's reader takes all there is; we must stop where we stood when the mapping events that
 * explain the samples were collected. The layout is the kernel's ABI: a page with the consumer's
 * position, one with the producer's, then the data mapped twice in a row, so that no record is
 * split. A record is a u32 length (bit 31 busy, bit 30 discarded), 4 bytes, then its bytes, the
 * whole rounded up to 8.
 */
#ifndef SAMPLER_BPF_RING_H
#define SAMPLER_BPF_RING_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

struct bpf_ring {
	uint64_t *consumer;       /* owned mapping */
	const uint64_t *producer; /* owned mapping: its page and twice the data */
	const char *data;
	size_t bytes; /* a power of two */
	uint64_t at, until;
};

int bpf_ring_open(struct bpf_ring *ring, int map_fd, size_t bytes, struct err *err);
void bpf_ring_close(struct bpf_ring *ring);

/* Notes where the ring ends now: bpf_ring_next gives records up to there, then a view of NULL.
 * Returns the bytes between, headers and all. */
size_t bpf_ring_begin(struct bpf_ring *ring);
struct view bpf_ring_next(struct bpf_ring *ring);

#endif
