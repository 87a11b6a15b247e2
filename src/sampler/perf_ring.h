/*
 * perf_ring: the memory a perf event writes its records to.
 *
 * A record that crosses the end of the ring is put together in a buffer of the ring's own.
 */
#ifndef SAMPLER_PERF_RING_H
#define SAMPLER_PERF_RING_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct perf_ring {
	struct perf_event_mmap_page *page; /* owned; NULL = closed */
	size_t data_bytes;                 /* a power of two, after the page */
	uint64_t head, tail;               /* of what perf_ring_begin saw */
	char *joined;                      /* owned; 64 KiB */
};

/* Maps `data_bytes` (a power of two, whole pages) of the event's ring. */
int perf_ring_open(struct perf_ring *ring, int event_fd, size_t data_bytes, struct err *err);
void perf_ring_close(struct perf_ring *ring);

/* Begins to read what is there now; then records until NULL; then gives their room back. A record
 * is good until the next call. */
void perf_ring_begin(struct perf_ring *ring);
const struct perf_event_header *perf_ring_next(struct perf_ring *ring);
void perf_ring_end(struct perf_ring *ring);

/* How full it is: 0 to 1. */
double perf_ring_fill(const struct perf_ring *ring);

/* perf_event_open(2). Returns a descriptor or a negative errno. */
int perf_ring_event(const struct perf_event_attr *attr, int pid, int cpu, int group);

#endif
