/*
 * flamebearer: a flame graph as Pyroscope's readers want it: bars, level by level.
 *
 * Level 0 has one bar, named "total". A bar is numbers, in a row with those of its level:
 *
 *     of one profile   offset, total, self, index of the name
 *     of a diff        offset, total, self of the left; offset, total, self of the right; name
 *
 * An offset says how far the bar begins behind the end of the bar before it, so that who adds up
 * offsets and totals has places. A bar's own part is its left end; its children follow, by name,
 * and after them what was left out, as one bar "other".
 */
#ifndef CODEC_FLAMEBEARER_H
#define CODEC_FLAMEBEARER_H

#include "base/buf.h"
#include "base/err.h"
#include "model/tree.h"
#include "wire/json.h"

#define FLAMEBEARER_OTHER "other"

struct flamebearer {
	struct view *names; /* owned; the views are the tree's */
	int64_t *numbers;   /* owned: of all bars of all levels */
	size_t *level_ends; /* owned: in numbers */
	size_t n_names, n_levels;
	int64_t total, max_self;
	int64_t left, right; /* of a diff: its sides; total is their sum */
	bool is_diff;
};

/* With base values (tree_options.base_type) it is a diff, whose left side they are. Keeps the
 * nodes_max largest; 0 = all. Borrows from `tree`. Finish with flamebearer_fini, also after an
 * error. */
int flamebearer_make(
	const struct tree *tree, size_t nodes_max, struct flamebearer *ret, struct err *err);
void flamebearer_fini(struct flamebearer *flamebearer);

/* The body of querier.v1.FlameGraph, or of FlameGraphDiff. */
void flamebearer_proto(const struct flamebearer *flamebearer, struct buf *out);

/* The object "flamebearer" of Pyroscope's own JSON. */
void flamebearer_json(const struct flamebearer *flamebearer, struct json *json);

#endif
