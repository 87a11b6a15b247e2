/*
 * block_columns: runs of numbers as a block holds them.
 *
 * A run is its length in bytes (a varint) and its numbers as varints, low 7 bits first. Numbers
 * that ascend are written as differences. A column of values is a byte that says how, and then:
 *
 *     0 PLAIN     a run
 *     1 SIGNED    a run of zigzag numbers: -1 is 1, 1 is 2
 *     2 MULTIPLE  a zigzag varint: each value is that times the first column's
 *     4 or 5      a varint divisor, then 0 or 1 of the values divided by it
 */
#ifndef STORE_BLOCK_COLUMNS_H
#define STORE_BLOCK_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/proto.h"

static inline uint64_t block_columns_zigzag(int64_t value)
{
	return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t block_columns_unzigzag(uint64_t number)
{
	return (int64_t)(number >> 1 ^ -(number & 1));
}

/* `ascending` numbers, equal ones allowed; and any. */
void block_columns_put_ascending(struct buf *out, const uint32_t *numbers, size_t n);
void block_columns_put_numbers(struct buf *out, const uint32_t *numbers, size_t n);

/* `first` is the record's first column, or NULL if this is it. */
void block_columns_put_values(
	struct buf *out, const int64_t *values, size_t n, const int64_t *first);

/* Exactly n numbers below `limit`; false on anything else. `room` is how many `ret` has place for:
 * n at least, and faster if it is twice that. */
bool block_columns_take_ascending(
	struct proto *in, uint32_t *ret, size_t n, size_t room, uint32_t limit);
bool block_columns_take_numbers(
	struct proto *in, uint32_t *ret, size_t n, size_t room, uint32_t limit);
bool block_columns_take_values(struct proto *in, int64_t *ret, size_t n, const int64_t *first);

/* All columns of a record, of which the values of one are read: the others' are not looked at. */
struct block_columns_which {
	size_t type, of;
};
bool block_columns_take_one(
	struct proto *in, int64_t *ret, size_t n, const struct block_columns_which *which);

#endif
