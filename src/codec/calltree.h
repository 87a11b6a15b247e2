/*
 * calltree: a flame graph as the bytes that Pyroscope calls a tree.
 *
 *     node: length of its name, its name, its own value, how many children; then each child
 *
 * All numbers are varints. The first node is the one above all roots and has no name; an empty
 * profile is no bytes.
 */
#ifndef CODEC_CALLTREE_H
#define CODEC_CALLTREE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/tree.h"

/* Keeps the nodes_max largest nodes and makes the others one "other" below each; 0 = all. */
int calltree_write(const struct tree *tree, size_t nodes_max, struct buf *out, struct err *err);

#endif
