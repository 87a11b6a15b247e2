/*
 * layout: a tree as the columns that the page draws (docs/formats/flame-layout.md).
 *
 * A tree of at most whole_max nodes is written whole. Of a larger one only what can be seen in
 * [from, to): nodes at least one of `steps` as wide. Neighbours left out become one node of the
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
#define LAYOUT_ELIDED 7    /* after the kinds of enum frame_kind */
#define LAYOUT_STEPS 16384 /* of a picture, from left to right, at most */
#define LAYOUT_STEPS_MIN 256
#define LAYOUT_NODES_OF_STEP 16 /* what has fewer nodes for each step is not worth cutting */

struct layout_options {
	uint64_t from, to; /* values; to 0 = the whole width */
	size_t whole_max;  /* 0 = LAYOUT_NODES_OF_STEP for each step */
	uint64_t steps;    /* 0 = LAYOUT_STEPS */
};

/* Appends to `out`. ERR_NOMEM, ERR_LIMIT when the tree has more nodes than the format can hold. */
int layout_write(const struct tree *tree, const struct layout_options *options, struct buf *out,
	struct err *err);

#endif
