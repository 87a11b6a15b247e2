/*
 * linecache: what DWARF answered about addresses of one build, kept for the next recording.
 *
 * A file holds the answers of the child that reads DWARF as they came (symbol/dwarfreply), in
 * batches behind each other, each with the addresses it was asked. A file that is too long, or has
 * too many batches, begins anew. Layout: docs/formats/symbol-cache.md.
 */
#ifndef SYMBOL_LINECACHE_H
#define SYMBOL_LINECACHE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define LINECACHE_BYTES_MAX ((size_t)16 << 20)
#define LINECACHE_BATCHES_MAX 256u

/* Both lie in the file's bytes. */
struct linecache_batch {
	const uint64_t *addresses; /* ascending, without repetitions */
	size_t n;
	struct view reply; /* for dwarfreply_decode, which checks it */
};

/* The batches of a file; ERR_NOT_FOUND unless it is whole and made for the key. `bytes` must be
 * aligned to 8. */
int linecache_open(struct view bytes, struct view key, struct view *ret_rest, struct err *err);

/* Takes the next batch off; false at the end, or at what is no batch. */
bool linecache_next(struct view *rest, struct linecache_batch *ret);

/* Adds a batch to the bytes of a file, which may be empty or not a file at all. */
void linecache_add(struct buf *file, struct view key, const struct linecache_batch *batch);

#endif
