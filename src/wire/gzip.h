/*
 * gzip: whole buffers in and out, with a bound on what comes out.
 *
 * A small file can claim to be huge, so the trailer's size is a hint and nothing more:
 * memory grows only with bytes that were really unpacked, and stops at the limit.
 */
#ifndef WIRE_GZIP_H
#define WIRE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

/* Level 1 is what Go's profiles use; 6 is gzip's own default. */
#define GZIP_FAST 1

struct gzip_limits {
	size_t bytes_max; /* unpacked, all members together */
	size_t ratio_max; /* unpacked to packed, once past the first MiB; 0 = any */
};

/* Whether the bytes begin like gzip. */
bool gzip_is(struct view bytes);

/* Appends the unpacked bytes of all members to `out`. ERR_LIMIT past a limit, ERR_CORRUPT for a
 * damaged or cut file and for bytes after the last member. */
int gzip_inflate(
	struct view bytes, const struct gzip_limits *limits, struct buf *out, struct err *err);

/* Appends one member, its time field 0 so that equal input gives equal output. Level 1 to 12. */
int gzip_deflate(struct view bytes, int level, struct buf *out, struct err *err);

#endif
