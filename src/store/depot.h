/*
 * depot: what a store in RocksDB is made of, for its own files (store_rocksdb_*.c).
 *
 * Order of locks: open, gate, then those of the parts.
 */
#ifndef STORE_DEPOT_H
#define STORE_DEPOT_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/catalog.h"
#include "store/control.h"
#include "store/heads.h"
#include "store/lexica.h"
#include "store/rocks.h"
#include "store/rocks_keys.h"
#include "store/store_impl.h"
#include "store/store_rocksdb.h"

#define DEPOT_BATCH_MAX 1000 /* profiles */
#define DEPOT_HOUR ((uint64_t)1 << 31)

struct depot_row {
	struct heads_row row;
	bool is_again; /* it has come before: nothing to write */
	struct lexicon *lexicon;
	struct store_dictionary *dictionary; /* owned reference; keeps the lexicon loaded */
	struct buf bytes;                    /* its block */
	size_t n_samples;
};

struct depot_job { /* an append */
	struct depot_job *next;
	struct store_receipt receipt;
	size_t n, bytes;
	struct depot_row rows[];
};

struct depot {
	struct store store;
	struct store_rocksdb_options options;
	struct store_rocksdb_tenant *tenants; /* owned, and their texts; what the options name */
	struct rocks rocks;
	struct catalog catalog;
	struct lexica lexica;
	pthread_rwlock_t open; /* for writing: while the database is opened anew, or days dropped */

	pthread_mutex_t gate; /* of what follows */
	pthread_cond_t queued;
	struct heads heads;
	struct map unrolled; /* series << 32 | hour */
	struct map
		damaged; /* buckets, and hours | DEPOT_HOUR, that cannot be read: not tried again */
	struct depot_job *first, **last;
	size_t bytes_queued;
	bool is_writing; /* jobs that are in the queue no more */
	bool is_stopping;
	bool is_paused; /* a day goes: appends wait */
	pthread_cond_t resumed;
	struct err broken; /* code 0: it works */
	uint32_t day_min;  /* earlier days were dropped */
	atomic_uint today; /* when it was last looked which days are kept; 0 = never */
	uint32_t kept;     /* as of then they were dropped; the tender's, as what follows */
	uint32_t patience_ms;

	atomic_uint_fast64_t n_failures; /* of the tender */
	atomic_uint_fast64_t n_profiles, n_samples, n_duplicates;
	struct err told; /* by the tender, last */
	pthread_t committer, tender;
	bool has_committer, has_tender;
	pthread_cond_t stopping;
	struct control control;
};

/* To who runs it. */
void depot_tell(const struct depot *depot, enum store_rocksdb_news news, const char *sentence);

void depot_free_job(struct depot_job *job);

/* The rows and the hours that are not rolled up, as the database has them; with the gate. */
int depot_load(struct depot *depot, struct err *err);

int depot_open(const struct store_rocksdb_options *options, struct store **ret, struct err *err);
int depot_append(struct store *store, const struct store_entry *entries, size_t n,
	const struct store_receipt *receipt, struct err *err);
void *depot_commit(void *depot); /* the thread */
int depot_scan(struct store *store, const struct store_scan *scan, struct err *err);
int depot_find(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err);

#define DEPOT_IN_USE 1 /* a question that takes long has not ended: try again */

/* Forgets a day, or those series of it. */
int depot_drop(struct depot *depot, uint32_t day, struct err *err);
int depot_drop_of(struct depot *depot, uint32_t day, const roaring_bitmap_t *only, struct err *err);
int depot_keep(struct depot *depot, int64_t now_ns, struct err *err); /* drops what is past it */
bool depot_keeps(const struct depot *depot, struct view tenant, uint32_t day);
int depot_tend(struct depot *depot, int64_t now_ns, struct err *err);
void *depot_tender(void *depot);                                      /* the thread */
int depot_fold(struct depot *depot, int64_t now_ns, struct err *err); /* rows, then hours */

#endif
