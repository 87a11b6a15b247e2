/* conformance: what every store does, asked of one; run by the test of each implementation. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "store/workload.h"

struct conformance_entry {
	struct store_entry entry;
	struct store_label labels[2];
	struct profile *profile;
};

/* A profile of one service with stacks a;b 1+n and a 2. */
void conformance_make(struct conformance_entry *e, const char *pod, int64_t second, int64_t n);
int conformance_put(struct store *store, const char *pod, int64_t second, int64_t n);

/* `open` gives new, empty stores. Returns how many tests failed. */
int conformance_run(struct store *(*open)(void));

#endif
