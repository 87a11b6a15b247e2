/*
 * layout: a tree as the columns that the page draws (docs/formats/flame-layout.md).
 *
 * A tree of at most whole_max nodes is written whole. Of a larger one only what can be seen in
 * [from, to): nodes at least 1/16,384 as wide as that. Neighbours left out become one node of the
 * kind LAYOUT_ELIDED that is as wide as they are together and says how many they were, so that
 * sums still hold and nothing vanishes silently. A diff is always written whole, with both sides.
 */
#ifndef RENDER_LAYOUT_H
#define RENDER_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct tree;

#define LAYOUT_MAGIC 0x32414c46u /* "FLA2" */
#define LAYOUT_PRUNED 1u
#define LAYOUT_PAIR 2u
#define LAYOUT_ELIDED 7 /* after the kinds of enum frame_kind */
#define LAYOUT_STEPS 16384
#define LAYOUT_WHOLE_DEFAULT ((size_t)1 << 18)

struct layout_options {
	uint64_t from, to; /* values; to 0 = the whole width */
	size_t whole_max;  /* 0 = LAYOUT_WHOLE_DEFAULT */
};

/* Appends to `out`. ERR_NOMEM, ERR_LIMIT when the tree has more nodes than the format can hold. */
int layout_write(const struct tree *tree, const struct layout_options *options, struct buf *out,
	struct err *err);

#endif
