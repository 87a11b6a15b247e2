/*
 * batch: the addresses of one profile, object by object, each object read by one thread.
 */
#ifndef SYMBOL_BATCH_H
#define SYMBOL_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct object;
struct objnames;
struct objnames_options;

struct batch_group {
	const struct object *object; /* borrowed */
	struct objnames *names;      /* borrowed */
	uint64_t *addresses;         /* owned */
	size_t n, cap;
};

struct batch {
	struct batch_group *groups; /* owned */
	size_t n, cap;
};

void batch_fini(struct batch *batch);

/* The index of a new group; PTRDIFF_MAX without memory. */
size_t batch_add_group(struct batch *batch, const struct object *object, struct objnames *names);
int batch_add(struct batch *batch, size_t group, uint64_t address);

/* Sorts the addresses of each group and has its objnames answer them, in up to `threads` threads.
 */
int batch_run(struct batch *batch, unsigned threads, const struct objnames_options *options);

#endif
