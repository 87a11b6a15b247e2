/*
 * tree_cache: the few trees of a profile that a reader looks at, built when first asked for.
 *
 * One caller at a time: the viewer holds its lock from get until it has used the tree.
 */
#ifndef SERVER_TREE_CACHE_H
#define SERVER_TREE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/tree.h"

#define TREE_CACHE_SIZE 4

struct tree_cache_entry {
	size_t type;
	uint32_t group; /* string id of a label key, 0 = none */
	uint64_t used;  /* the larger, the later; 0 = empty */
	struct tree tree;
};

struct tree_cache {
	const struct profile *profile;
	uint64_t clock;
	struct tree_cache_entry entries[TREE_CACHE_SIZE];
};

/* *ret is the cache's, good until the next call. */
int tree_cache_get(struct tree_cache *cache, size_t type, uint32_t group, const struct tree **ret,
	struct err *err);
void tree_cache_fini(struct tree_cache *cache);

#endif
