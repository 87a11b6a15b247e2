/*
 * backlog: records taken out of the ring, waiting their turn.
 *
 * The ring is the kernel's only room for samples. While one sample waits for a table to be built,
 * the others are moved here, so that none is lost.
 */
#ifndef SAMPLER_BACKLOG_H
#define SAMPLER_BACKLOG_H

#include <stddef.h>

#include "base/view.h"
#include "sampler/bpf_ring.h"

#define BACKLOG_BYTES_MAX ((size_t)16 << 20)

struct backlog_chunk;

struct backlog {
	struct backlog_chunk *first, *last; /* owned */
	size_t bytes;
};

/* A zeroed struct backlog is a valid empty one. */
void backlog_fini(struct backlog *backlog);

/* Moves what is in the ring now behind what is here. Past the limit, or without memory, the rest
 * stays in the ring. */
void backlog_fill(struct backlog *backlog, struct bpf_ring *ring);

/* The oldest record, or a view of NULL; good until the next call. */
struct view backlog_next(struct backlog *backlog);

#endif
