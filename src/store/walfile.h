/*
 * walfile: a log of RocksDB's, read without it: what it has, and where it is damaged.
 *
 * Blocks of 32 KiB with records in them: checksum:4 length:2 kind:1 (1 whole; 2, 3, 4 first, middle
 * and last piece), then a batch: number:8 count:4 and its entries. A record that the end of the
 * file cuts, or after which there is nothing that can be read, was not synced, or is the last one:
 * that is what a lost machine leaves. A damaged record with whole ones behind it is damage.
 */
#ifndef STORE_WALFILE_H
#define STORE_WALFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/stored.h"

#define WALFILE_MAX ((size_t)1 << 30)

struct walfile {
	uint64_t size, n_batches, n_entries;
	uint64_t n_damaged;  /* places with damage that have whole batches behind them */
	uint64_t damaged_at; /* the first of these, in bytes */
	bool is_torn;        /* the end is not a whole batch */
	uint64_t torn_at;    /* where that begins */
};

/* Each entry that can be read; `each` may be NULL, and what it returns beside 0 ends it. */
int walfile_read(const char *path, int (*each)(void *owner, const struct stored *entry),
	void *owner, struct walfile *ret, struct err *err);

/* The same of bytes. */
int walfile_scan(struct view bytes, int (*each)(void *owner, const struct stored *entry),
	void *owner, struct walfile *ret, struct err *err);

#endif
