/*
 * sstfile: a table of RocksDB's, read without it, so that what is whole in a damaged one is found.
 *
 *     data blocks | range deletions | index | properties | list of those three | footer, 53 bytes
 *
 * A block is its bytes, a byte for the compression (0 none, 7 zstd) and a checksum of both; in it
 * are keys, each cut by what it shares with the one before. Block-based tables of format 3 to 5
 * with a plain index: what rocks_open.c asks for.
 */
#ifndef STORE_SSTFILE_H
#define STORE_SSTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/stored.h"

#define SSTFILE_FAMILY_UNKNOWN UINT32_MAX

struct sstfile_block {
	uint64_t offset, size; /* without its trailer */
};

struct sstfile {
	char *path; /* owned */
	int fd;
	uint64_t size, n_entries; /* as its properties say; 0 if these cannot be read */
	uint32_t family;
	uint8_t checksum;
	uint32_t format;
	bool index_is_short;          /* its values are differences */
	struct sstfile_block *blocks; /* owned; of data, in order */
	size_t n_blocks, cap_blocks;
	struct sstfile_block range_deletions; /* size 0: none */
	char trouble[ERR_TEXT_MAX + 80];      /* what is damaged beside the data; "" = nothing */
};

/* ERR_NOT_FOUND; ERR_CORRUPT: not even its index can be read. The family is `family` if its own
 * word cannot be read. Finish with sstfile_close, also after an error. */
int sstfile_open(struct sstfile *file, const char *path, uint32_t family, struct err *err);
void sstfile_close(struct sstfile *file);

/* The entries in order of their keys, later ones of a key first. The file is open only while a
 * block is read. */
struct sstfile_cursor {
	const struct sstfile *file;
	struct stored now;

	void (*damage)(void *owner, const struct sstfile *file, const char *sentence); /* or NULL */
	void *owner;
	size_t block;   /* the next one */
	bool of_ranges; /* walks the range deletions instead */
	uint64_t n_entries;
	size_t n_damaged; /* blocks that could not be read */
	struct buf raw, plain, key;
	const uint8_t *at, *end;
	const char *wrong;
};

void sstfile_cursor_fini(struct sstfile_cursor *cursor);
bool sstfile_next(struct sstfile_cursor *cursor);

#endif
