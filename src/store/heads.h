/*
 * heads: which profiles are rows still, and whether one has come before.
 *
 * A head is a series' bucket of five minutes that has rows. What its block holds already is learned
 * when the first row comes after it was folded: until then it is not known, and not remembered. No
 * lock of its own.
 */
#ifndef STORE_HEADS_H
#define STORE_HEADS_H

#include "base/map.h"
#include "store/block.h"

struct heads_row {
	uint32_t series;
	int64_t begin_ns;
	uint64_t short_id;
};

struct head {
	uint32_t series, bucket;
	size_t n_rows;
	uint64_t *known; /* owned; keys in heads->seen, of rows and of what the block has */
	size_t n_known, cap_known;
	int64_t last_ns; /* when the last row came, by the clock of the machine */
};

struct heads {
	struct map of;       /* series << 32 | bucket -> struct head *, owned */
	struct map seen;     /* profiles */
	uint64_t generation; /* a head was forgotten: what was learned before is old */
	size_t n_rows;
};

enum heads_answer { HEADS_NEW, HEADS_AGAIN, HEADS_UNKNOWN, HEADS_NO_MEMORY };

void heads_fini(struct heads *heads);

/* HEADS_UNKNOWN: read the block, if there is one, and call heads_learn. */
enum heads_answer heads_add(struct heads *heads, const struct heads_row *row, int64_t now_ns);

/* The profiles of the block that was read when the generation was that; an older one is ignored.
 * False without memory. */
bool heads_learn(struct heads *heads, const struct heads_row *row, uint64_t generation,
	const struct block_header *block);

/* A row that did not get to disk after all. */
void heads_remove(struct heads *heads, const struct heads_row *row);

/* So many rows of the head are in its block now; when these were all, it is forgotten. */
void heads_folded(struct heads *heads, uint32_t series, uint32_t bucket, size_t n_rows);

struct head *heads_find(const struct heads *heads, uint32_t series, uint32_t bucket);

#endif
