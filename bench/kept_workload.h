/* kept_workload: a store full of profiles, the same each time. */
#ifndef BENCH_KEPT_WORKLOAD_H
#define BENCH_KEPT_WORKLOAD_H

#include "store/store.h"

#define KEPT_SECOND INT64_C(1000000000)
#define KEPT_DAY (86400 * KEPT_SECOND)
#define KEPT_START (INT64_C(19700) * KEPT_DAY)

struct workload {
	const char *name;
	unsigned series, every_s;
	int64_t long_s;
	unsigned traces; /* new ones in each profile */
};

/* Appends them all, of the stacks of `base`, and waits until they are kept. */
void kept_workload(struct store *store, const struct workload *w, const struct profile *base);

/* Ends the program if rc says so. */
void kept_must(int rc, const struct err *err);

#endif
