/*
 * range: overlapping address ranges, made flat.
 *
 * Symbols nest and alias, and generated code is written over older code. After flattening, every
 * address belongs to one range only: the one with the highest rank among those that held it.
 */
#ifndef SYMBOL_RANGE_H
#define SYMBOL_RANGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct range {
	uint64_t start, end; /* end is past the last byte; empty ranges vanish */
	uint32_t rank;       /* no two alike */
	uint32_t id;         /* the caller's; neighbours of one id are joined */
};

/* Sorts `ranges` by start, in place. *ret is owned (free), sorted and without overlaps; at most
 * twice as many. */
int range_flatten(struct range *ranges, size_t n, struct range **ret, size_t *ret_n);

/* The range that holds the address, or NULL. `ranges` is flat. */
const struct range *range_find(const struct range *ranges, size_t n, uint64_t address);

#endif
