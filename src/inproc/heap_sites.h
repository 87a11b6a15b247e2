/*
 * heap_sites: who allocated the sampled objects, and which of them are still live.
 *
 * A site is a stack with labels; what its samples stand for is summed (see sig_poisson), never
 * averaged. Past HEAP_SITES_MAX sites, new ones go without their labels; past twice as many they
 * are not taken at all. Everything here runs on the engine's thread.
 */
#ifndef INPROC_HEAP_SITES_H
#define INPROC_HEAP_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "inproc/own_profile.h"
#include "inproc/sig_heap.h"
#include "model/accounting.h"

#define HEAP_SITES_MAX (1 << 17)

/* Objects are in units of 1/SIG_POISSON_ONE. */
struct heap_site {
	uint32_t stack, labels;
	int64_t alloc_objects, alloc_bytes, live_objects, live_bytes;
};

struct heap_sites_sum {
	uint64_t samples;
	int64_t objects, bytes;
};

/* A sampled object. */
struct heap_sites_live {
	uint64_t place; /* as sig_heap_place */
	uint32_t site;
	int64_t objects, bytes;
};

struct heap_sites {
	const struct sig_heap_setup *setup; /* borrowed */
	struct own_profile own;             /* stacks and labels; without samples or names */
	struct map site_of;                 /* stack << 32 | labels -> site + 1 */
	struct heap_site *sites;            /* owned */
	struct heap_sites_live *lives;      /* owned */
	size_t n_sites, cap_sites, n_lives, cap_lives;
	uint64_t swept;      /* of sig_heap_counts.gone */
	uint64_t unlabelled; /* samples whose labels were left out */
	/* What was allocated as the sums say, but is missing among the live. */
	struct heap_sites_sum not_followed;
	struct heap_sites_sum lost;   /* what stands in no site's sums, for want of memory here */
	struct accounting accounting; /* of the samples that came here */
};

int heap_sites_init(struct heap_sites *sites, const struct sig_heap_setup *setup,
	struct own_space *space, struct err *err);
void heap_sites_fini(struct heap_sites *sites);

/* Takes a record of sig_heap's ring in. `sites` is a struct heap_sites, as sig_ring_drain hands it
 * on. */
void heap_sites_take(void *sites, const void *record, size_t words);

/* Where every sample that a hook began with went. Returns how many of them have not come here and
 * are not known to be lost: hooks are at them just now. They are counted as lost. */
uint64_t heap_sites_account(const struct heap_sites *sites, struct accounting *ret);

/* What was given back is no longer live; and whether so much was that it is worth a look at all. */
void heap_sites_sweep(struct heap_sites *sites);
bool heap_sites_worth_sweeping(const struct heap_sites *sites);

#endif
