/* depot_of: a store on disk in a folder of its own, seen from inside. */
#ifndef DEPOT_OF_H
#define DEPOT_OF_H

#include "store/conformance.h"
#include "store/depot.h"
#include "store/folder.h"

static inline struct depot *depot_of(const char *folder)
{
	struct store_rocksdb_options options = { .path = folder, .by_hand = true, .bytes_free = 1 };
	struct store *store;

	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	return (struct depot *)store;
}

static inline uint64_t depot_duplicates(struct depot *depot)
{
	struct store_figures figures;

	store_figures(&depot->store, &figures);
	return figures.duplicates;
}

#define DEPOT_LATER (WORKLOAD_START + 86400 * WORKLOAD_SECOND)

#endif
