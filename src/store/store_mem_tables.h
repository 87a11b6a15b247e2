/* store_mem_tables: what a store in memory is made of, for its own files. */
#ifndef STORE_STORE_MEM_TABLES_H
#define STORE_STORE_MEM_TABLES_H

#include <pthread.h>

#include "store/record.h"
#include "store/series_info.h"
#include "store/store_impl.h"

/* The stacks of a service in a week. */
struct mem_lexicon {
	struct view tenant, service; /* of the series that it was made for */
	uint32_t week;
	struct store_dictionary *dictionary;
};

struct mem_kept {
	struct record record;
	struct store_dictionary *dictionary; /* of its lexicon */
};

struct mem_series {
	struct buf bytes; /* what `info` looks into */
	struct series_info info;
	struct mem_kept **profiles; /* owned; by time, then as they came */
	size_t n, cap;
};

struct mem {
	struct store store;
	pthread_rwlock_t lock;
	struct mem_series **series; /* owned */
	size_t n_series, cap_series;
	struct mem_lexicon *lexica; /* owned */
	size_t n_lexica, cap_lexica;
	size_t n_profiles, n_samples, n_duplicates;
};

/* As store_scan and store_find_series. */
int store_mem_scan(struct store *store, const struct store_scan *scan, struct err *err);
int store_mem_find(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err);

#endif
