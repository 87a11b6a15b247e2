/*
 * columns: numbers in as few bytes as they need (LEB128), in blocks that say their length.
 *
 * A column is a little-endian u32 with its length in bytes, then its bytes.
 */
#ifndef RENDER_COLUMNS_H
#define RENDER_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The place of the length, for columns_end. A column past 4 GiB makes the buffer fail. */
size_t columns_begin(struct buf *out);
void columns_end(struct buf *out, size_t begin);

void columns_add(struct buf *out, uint64_t number);
void columns_add_u32(struct buf *out, uint32_t number); /* four bytes, little-endian */

#endif
