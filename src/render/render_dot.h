/*
 * render_dot: a call graph in the language of Graphviz.
 */
#ifndef RENDER_RENDER_DOT_H
#define RENDER_RENDER_DOT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/tree.h"

struct render_dot_options {
	size_t functions_max; /* 0 = all */
	struct view unit;     /* of the tree's values */
	struct view type;     /* what they are, for the caption */
};

/* A digraph whose boxes are functions and whose arrows are calls; dotted ones lead by way of
 * functions that are left out. */
int render_dot(const struct tree *tree, const struct render_dot_options *options, struct buf *out,
	struct err *err);

#endif
