/*
 * tree: a profile as a flame graph, ready to draw.
 *
 * A node is a frame: one function name under one parent (inlined functions are nodes of
 * their own). Nodes are in level order: node 0 is "all" and has depth 0; the children of a
 * node are contiguous, sorted by name in code point order. Columns are parallel arrays, so
 * that a renderer touches only what it draws.
 *
 * In the picture a node starts at start[i]; its own (self) width comes first, its children
 * after that, in order: start of the first child = start[i] + self[i].
 */
#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/profile.h"

enum frame_kind {
	FRAME_USER,      /* native code of a file */
	FRAME_KERNEL,    /* mapping [kernel…], or name suffix _[k] */
	FRAME_JIT,       /* mapping [jit] or //anon, or suffix _[j] */
	FRAME_INLINED,   /* not the last line of its location, or suffix _[i] */
	FRAME_RUNTIME,   /* an interpreter or language runtime */
	FRAME_GROUP,     /* "all", or a label value put at the root */
	FRAME_TRUNCATED, /* "[truncated: …]": the rest of this stack is not known */
	FRAME_KINDS
};

struct tree {
	struct strings names;
	size_t n_nodes;
	uint32_t *parent, *first_child, *n_children; /* of node 0: 0 */
	uint32_t *name;                              /* in names */
	uint32_t *module; /* in names: the mapping's file name, without its path */
	uint16_t *depth;
	uint8_t *kind;   /* enum frame_kind */
	uint64_t *start; /* in values */
	uint64_t *self,
		*total; /* of the chosen type; negative values count as 0 and set had_negative */
	uint64_t *base_self, *base_total; /* the second type of a diff, else NULL; start/total then
					     cover both: see below */
	unsigned max_depth;
	bool had_negative;
};

enum tree_granularity { TREE_FUNCTIONS, TREE_LINES, TREE_FILES, TREE_ADDRESSES };

struct tree_options {
	size_t type;   /* index of the sample type */
	int base_type; /* index of a second type to carry along, -1 = none; a node's width is then
			  max(total, base_total) summed upward so that nothing vanishes */
	enum tree_granularity granularity;
	bool inverted;            /* leaves at the root: callers above callees */
	const uint32_t *group_by; /* string ids of label keys whose values become root frames */
	size_t n_group_by;
	size_t depth_max; /* 0 = 1024; deeper frames fold into the last one kept */
	size_t nodes_max; /* 0 = 16 M; ERR_LIMIT past it */
};

/* Frees with tree_fini, also after an error. */
int tree_build(const struct profile *profile, const struct tree_options *options, struct tree *ret,
	struct err *err);
void tree_fini(struct tree *tree);

#endif
