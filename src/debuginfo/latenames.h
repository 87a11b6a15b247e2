/*
 * latenames: names for frames that came as addresses, from the debug files that are on the shelf
 * when somebody asks.
 *
 * What was found out about a build is remembered, in memory and on disk (symbol/symbol.h). One
 * thread at a time looks names up; another one waits for it no longer than LATENAMES_WAIT_MS, and
 * then answers without. Nothing here fails a question: what gets no name keeps its address.
 */
#ifndef DEBUGINFO_LATENAMES_H
#define DEBUGINFO_LATENAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define LATENAMES_TIMEOUT_MS \
	10000u /* for the debug information of one file; of all, 3 times that */
#define LATENAMES_WAIT_MS 15000u
#define LATENAMES_CACHE_BYTES ((uint64_t)512 << 20) /* on disk */

struct latenames;
struct profile;
struct shelf;

struct latenames_options {
	struct shelf *shelf;   /* borrowed, outlives it */
	const char *cache_dir; /* a folder that may be made, below one that is there */
	unsigned timeout_ms;   /* 0 = LATENAMES_TIMEOUT_MS */

	/* Told of a build that has addresses and no file; comes back at once. May be NULL. */
	void (*missing)(void *owner, struct view tenant, struct view build_id);
	void *owner;
};

int latenames_new(const struct latenames_options *options, struct latenames **ret, struct err *err);
void latenames_free(struct latenames *names);

struct latenames_figures {
	size_t addresses; /* locations that came without a line … */
	size_t unnamed;   /* … and still have none */
};

/* Names what it can in the profile, all of it of one tenant. `names` may be NULL: then it counts.
 */
void latenames_apply(struct latenames *names, struct view tenant, struct profile *profile,
	struct latenames_figures *ret);

#endif
