/*
 * rocks: RocksDB, as far as a store needs it: four families of keys, one writer, many readers.
 *
 * A folder belongs to one process at a time, and says in VERSION who may read it. Every call may
 * come from several threads; rocks_reopen alone must be alone.
 */
#ifndef STORE_ROCKS_H
#define STORE_ROCKS_H

#include <rocksdb/c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define ROCKS_VERSION 1 /* of what is in the folder */

enum rocks_family { ROCKS_INDEX, ROCKS_SAMPLES, ROCKS_ROWS, ROCKS_DICTIONARY, ROCKS_FAMILIES };

extern const char *const rocks_family_names[ROCKS_FAMILIES];

struct rocks_options {
	const char *path;
	size_t memory_max; /* half for the cache, half for what is not yet in a file */
	bool create;       /* if it is not there */
	bool lenient;      /* changes nothing in it, and opens it however damaged, if it can be */
};

struct rocks {
	char *path; /* owned */
	struct rocks_options options;
	int lock_fd;
	bool is_ours;         /* locked, and of a version that is known */
	bool version_is_lost; /* lenient: VERSION says nothing */
	char note[160];       /* what was found at opening and is no error; "" = nothing */
	rocksdb_t *db;
	rocksdb_cache_t *cache;
	rocksdb_options_t *all;
	rocksdb_options_t *of[ROCKS_FAMILIES];
	rocksdb_column_family_handle_t *families[ROCKS_FAMILIES];
};

/* ERR_DENIED: another process has it. ERR_UNSUPPORTED: a newer Flyover wrote it. Both change
 * nothing. Finish with rocks_close, also after an error. */
int rocks_open(struct rocks *rocks, const struct rocks_options *options, struct err *err);
void rocks_close(struct rocks *rocks);

/* ERR_CORRUPT: a log is damaged in its middle. One that is cut at its end is a note. */
int rocks_check_logs(struct rocks *rocks, struct err *err);

/* Closes the database and keeps the lock. */
void rocks_shut(struct rocks *rocks);

/* After a write failed: closes and opens again. On error there is no database at all. */
int rocks_reopen(struct rocks *rocks, struct err *err);

/* A sentence about an error of RocksDB, which it frees. ERR_LIMIT: the disk is full. */
int rocks_err(const struct rocks *rocks, char *text, struct err *err);

/* Frees the batch. */
int rocks_write(struct rocks *rocks, rocksdb_writebatch_t *batch, bool sync, struct err *err);
int rocks_flush(struct rocks *rocks, struct err *err);

void rocks_put(struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family,
	struct view key, struct view value);
void rocks_delete(struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family,
	struct view key);
void rocks_delete_range(struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family,
	struct view from, struct view to);

/* Gives back the files that lie in a deleted range whole. */
int rocks_drop_files(struct rocks *rocks, enum rocks_family family, struct view from,
	struct view to, struct err *err);

/* Writes the files that meet the range anew, without what was deleted. */
void rocks_compact(struct rocks *rocks, enum rocks_family family, struct view from, struct view to);

/* Replaces what is in *ret. ERR_NOT_FOUND without a sentence. */
int rocks_get(struct rocks *rocks, enum rocks_family family, struct view key, struct buf *ret,
	struct err *err);

/* Walks keys with a prefix, in order; `from` (NULL = the prefix) is where it starts. */
struct rocks_walk {
	struct rocks *rocks;
	rocksdb_iterator_t *at;
	rocksdb_readoptions_t *options;
	uint8_t prefix[32];
	size_t prefix_len;
	struct view key, value; /* good until the next step */
};

struct rocks_range {
	enum rocks_family family;
	struct view prefix;
	const rocksdb_snapshot_t *snapshot; /* NULL: as it is now */
	bool verify;                        /* checksums, and keep nothing in the cache */
};

void rocks_walk_init(struct rocks_walk *walk, struct rocks *rocks, const struct rocks_range *range);
void rocks_walk_fini(struct rocks_walk *walk);
void rocks_walk_seek(struct rocks_walk *walk, struct view from);
bool rocks_walk_next(struct rocks_walk *walk); /* false at the end, or if reading failed */
int rocks_walk_check(const struct rocks_walk *walk, struct err *err);

/* Says in the folder of a store which version it has. */
int rocks_put_version(const char *path, struct err *err);

/* The tables that it has to have, by its own list; *ret is owned by the caller. */
struct rocks_table {
	char name[32]; /* "000012.sst" */
	uint32_t family;
	uint64_t size;
};
int rocks_tables(struct rocks *rocks, struct rocks_table **ret, size_t *ret_n, struct err *err);

/* A folder, which is not there yet, with all that was acknowledged: links to the tables. */
int rocks_checkpoint(struct rocks *rocks, const char *path, struct err *err);

uint64_t rocks_bytes(struct rocks *rocks);      /* of files, about */
uint64_t rocks_memory(struct rocks *rocks);     /* about */
uint64_t rocks_bytes_free(struct rocks *rocks); /* of its disk */

#endif
