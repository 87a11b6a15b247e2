/*
 * runs: room for runs of mappings in the table the kernel walks by.
 *
 * A run that nobody refers to any more may still be under a walk, or have been handed to a child
 * whose birth we have yet to hear of; it is free for others only after two more drains.
 */
#ifndef SAMPLER_RUNS_H
#define SAMPLER_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct run {
	uint32_t first, n;
	unsigned refs;
	uint64_t retired; /* the drain in which the last reference went */
};

struct run_gap {
	uint32_t first, n;
};

struct runs {
	struct run_gap *gaps; /* owned; free room, sorted, never side by side */
	size_t n_gaps, cap_gaps;
	struct run **retired; /* owned, each too */
	size_t n_retired, cap_retired;
	struct map by_first; /* first -> struct run *, the retired ones too */
};

#define RUNS_GRACE 2 /* drains */

/* 0 or ERR_NOMEM. */
int runs_init(struct runs *runs, uint32_t room);
void runs_fini(struct runs *runs);

/* A run of `n` with one reference; NULL without room. */
struct run *runs_add(struct runs *runs, uint32_t n);

struct run *runs_ref(struct runs *runs, struct run *run);
void runs_unref(struct runs *runs, struct run *run, uint64_t drain);

/* The run that begins there, with one more reference; NULL if there is none. */
struct run *runs_find(struct runs *runs, uint32_t first);

/* Frees what was retired RUNS_GRACE drains ago. */
void runs_settle(struct runs *runs, uint64_t drain);

#endif
