/*
 * callgraph: functions and who calls whom, of a tree.
 *
 * A function that is on a path several times counts once for it, and so does a call. Only the
 * functions with the largest totals are kept; calls by way of others are calls that are not direct.
 */
#ifndef MODEL_CALLGRAPH_H
#define MODEL_CALLGRAPH_H

#include "model/tree.h"

struct callgraph_function {
	uint32_t name; /* in the tree's names */
	uint64_t self, total;
};

struct callgraph_edge {
	uint32_t caller, callee; /* of functions */
	uint64_t total;
	bool is_indirect; /* at least in part */
};

struct callgraph {
	struct callgraph_function *functions; /* owned; the largest total first */
	struct callgraph_edge *edges;         /* owned; the largest first */
	size_t n_functions, n_edges, cap_edges;
	size_t n_left; /* functions that are not kept */
	uint64_t whole;
};

/* Node 0 is no function. Finish with callgraph_fini, also after an error. */
int callgraph_build(
	const struct tree *tree, size_t functions_max, struct callgraph *ret, struct err *err);
void callgraph_fini(struct callgraph *graph);

#endif
