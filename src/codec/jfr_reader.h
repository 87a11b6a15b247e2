/*
 * jfr_reader: numbers and texts of a chunk, read in place.
 *
 *     number  7 bits a byte, low first, the top bit says "more"; the ninth byte has 8 bits. Or, if
 *             the chunk says so, as many bytes as its type has, high byte first
 *     text    a byte: 0 none, 1 empty, 2 a number of the pool of texts, 3 UTF-8, 4 UTF-16 a number
 *             each, 5 Latin-1; the last three with their length before them
 *
 * Every value read is a step, and the steps of a chunk are bounded by its length: types of types
 * can be nested so that a few bytes name a great many values that have no bytes at all.
 */
#ifndef CODEC_JFR_READER_H
#define CODEC_JFR_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/view.h"

struct jfr_reader {
	const uint8_t *at, *end;
	const char *wrong; /* NULL, or why reading stopped */
	uint64_t steps;    /* left */
	bool is_fixed;     /* numbers have all their bytes */
};

/* Each returns false, with `wrong`, if it is not there. `size` is of numbers that are fixed. */
bool jfr_reader_number(struct jfr_reader *in, unsigned size, uint64_t *ret);
bool jfr_reader_skip(struct jfr_reader *in, uint64_t bytes);
bool jfr_reader_step(struct jfr_reader *in);

/* In place or in `arena`, as UTF-8; or a number of the pool.
 */
struct jfr_text {
	struct view text;
	bool is_pooled;
	uint64_t number;
};
bool jfr_reader_text(struct jfr_reader *in, struct arena *arena, struct jfr_text *ret);

#endif
