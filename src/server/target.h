/* target: a program to scrape, made of what was discovered by the rules of its job. */
#ifndef SERVER_TARGET_H
#define SERVER_TARGET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "server/discovery.h"
#include "store/store.h"

struct target { /* lives in the arena that it was made in */
	const struct scrape_job *job;
	const char *base; /* "http://HOST:PORT/PREFIX" */
	struct store_labels labels;
	uint64_t key; /* of base and labels: the same for the same target */
};

/* Labels are those of the job and of the target, after relabel_configs, without those that begin
 * with __; job, instance and service_name (the job's name) unless something else sets them.
 * Returns 1, or 0 if the rules drop it. ERR_USAGE: what is left makes no address. */
int target_make(const struct scrape_job *job, const struct discovery_found *found,
	struct arena *arena, struct target *ret, struct err *err);

/* The address of one of its profiles. `seconds` is of those that ask for a delta. */
void target_url(const struct target *target, const struct scrape_kind *kind, unsigned seconds,
	struct buf *out);

#endif
