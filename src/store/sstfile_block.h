/* sstfile_block: one block of a table: read, held against its checksum, unpacked, and walked. */
#ifndef STORE_SSTFILE_BLOCK_H
#define STORE_SSTFILE_BLOCK_H

#include "store/sstfile.h"

#define SSTFILE_TRAILER 5

/* ERR_CORRUPT with what is wrong. `raw` is the reader's own; `plain` has the block. */
int sstfile_block_read(const struct sstfile *file, const struct sstfile_block *block,
	struct buf *raw, struct buf *plain, struct err *err);

struct sstfile_walk {
	const uint8_t *at, *end;
	bool is_short; /* no length before a value: see sstfile_block_handle */
	struct buf *key;
	struct view value;
	uint32_t shared;
	const char *wrong;
};

/* Cuts the list of restarts off; false if there is none. */
bool sstfile_block_begin(struct view block, struct sstfile_walk *walk);
bool sstfile_block_next(struct sstfile_walk *walk);

/* Offset and size, from `at`; false past the end. */
bool sstfile_block_handle(const uint8_t **at, const uint8_t *end, struct sstfile_block *ret);

#endif
