/*
 * store_rocksdb: the store on disk: our own blocks in RocksDB. docs/formats/store.md
 *
 * An append is encoded on the caller's thread and queued; one thread writes what has gathered, with
 * one sync for all of it, and then answers. Another folds rows into blocks, rolls hours up, and
 * drops days that are too old or too much. When the disk fails or is full, appends are refused and
 * reading goes on; when it can be written again, so can the store.
 */
#ifndef STORE_STORE_ROCKSDB_H
#define STORE_STORE_ROCKSDB_H

#include "store/store.h"

/* Of the server's memory. An eighth is for what was read from files, an eighth for what is not in
 * one yet, a quarter for dictionaries, a sixteenth for appends that wait. */
#define STORE_ROCKSDB_MEMORY_DEFAULT ((size_t)512 << 20)

struct store_rocksdb_tenant { /* one that has a number of days of its own */
	struct view tenant;
	uint32_t days_max; /* 0 = for ever */
};

enum store_rocksdb_news { STORE_ROCKSDB_NOTE, STORE_ROCKSDB_TROUBLE };

struct store_rocksdb_options {
	const char *path;    /* of a folder; made if it is not there */
	size_t memory_max;   /* see above; 0 = the default */
	uint32_t days_max;   /* profiles go when their day ended so many days ago; 0 = never */
	uint64_t bytes_max;  /* on disk: the oldest days go first; 0 = no limit */
	uint64_t bytes_free; /* of the disk, below which appends are refused; 0 = 64 MB */
	const struct store_rocksdb_tenant *tenants; /* copied */
	size_t n_tenants;
	/* What whoever runs it should read: a sentence. From any thread; may be NULL. */
	void (*tell)(void *owner, enum store_rocksdb_news news, const char *sentence);
	void *owner;
	bool by_hand; /* nothing is folded or dropped but by store_rocksdb_tend: for tests */
};

/* ERR_DENIED: another process has it. ERR_UNSUPPORTED: a newer Flyover wrote it. *ret is owned by
 * the caller: store_close. */
int store_rocksdb_open(
	const struct store_rocksdb_options *options, struct store **ret, struct err *err);

/* What is done about once a second: as if it were `now_ns`. */
int store_rocksdb_tend(struct store *store, int64_t now_ns, struct err *err);

/* Forgets a day. */
int store_rocksdb_drop(struct store *store, uint32_t day, struct err *err);

#endif
