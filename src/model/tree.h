/*
 * tree: a profile as a flame graph, ready to draw.
 *
 * A node is a frame: one function name under one parent (inlined functions are nodes of
 * their own). Nodes are in level order: node 0 is "all" and has depth 0; the children of a
 * node are contiguous, sorted by name in code point order. Columns are parallel arrays, so
 * that a renderer touches only what it draws.
 *
 * In the picture a node covers start[i] to start[i] + width[i]. Its own (self) part comes
 * first, its children after that, in order, without gaps: without width_min, a child starts
 * where its elder sibling ends.
 *
 *     |--------------- all ---------------|     depth 0
 *     |self|------ main ------|--- start -|     depth 1, children of node 0
 */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/frames.h"
#include "model/profile.h"

#define TREE_DEPTH_DEFAULT 1024
#define TREE_DEPTH_LIMIT 65535
#define TREE_NODES_DEFAULT ((size_t)16 << 20)

struct tree {
	struct strings names;
	size_t n_nodes;
	uint32_t *parent, *first_child, *n_children; /* of node 0: 0 */
	uint32_t *name;                              /* in names */
	uint32_t *module; /* in names: the mapping's file name, without its path */
	uint16_t *depth;
	uint8_t *kind;                    /* enum frame_kind */
	uint64_t *start;                  /* in values, from the left edge */
	uint64_t *self, *total;           /* of the chosen type; negative values count as 0 */
	uint64_t *base_self, *base_total; /* of the base type of a diff, else NULL */
	uint64_t *width;                  /* what to draw: equal to total (the same array) unless
					     it is a diff, see enum tree_width */
	unsigned max_depth;
	bool had_negative; /* the profile has negative values of these types */
	bool was_folded;   /* depth_max met deeper stacks */
};

enum tree_width {
	TREE_WIDTH_UNION, /* of both sides, summed upward from max(self, base_self): what
			     vanished keeps its place */
	TREE_WIDTH_NEW,   /* of the chosen type alone, as difffolded and flamegraph.pl draw */
};

enum tree_order {
	TREE_BY_NAME,
	TREE_AS_TEXT, /* as lines of folded text sort: the box of a function is split where the
			 lines of another one, such as a.part.0, sort between its own lines "a 5"
			 and "a;b 7". Two siblings may then have one name. */
};

struct tree_options {
	size_t type;           /* index of the sample type */
	int base_type;         /* index of the type to compare with; -1 = none */
	enum tree_width width; /* of a diff */
	enum tree_order order;
	enum frames_granularity granularity;
	bool inverted;            /* leaves at the root: callees below, callers above them */
	const uint32_t *group_by; /* string ids of label keys whose values become root frames */
	size_t n_group_by;
	size_t depth_max;   /* 0 = default; deeper frames fold into the last one kept */
	size_t nodes_max;   /* 0 = default; ERR_LIMIT past it */
	uint64_t width_min; /* narrower nodes, and so all above them, are left out */
};

/* Finish with tree_fini, also after an error. */
int tree_build(const struct profile *profile, const struct tree_options *options, struct tree *ret,
	struct err *err);
void tree_fini(struct tree *tree);

/* The width of a type's whole tree: the sum of its positive values. Saturates. */
uint64_t tree_whole(const struct profile *profile, size_t type);

#endif
