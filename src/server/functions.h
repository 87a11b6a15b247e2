/*
 * functions: the table of functions, and one function's callers and callees, as JSON.
 *
 * Counted on the tree that is drawn, so that table and picture agree: a function is a name; a
 * recursive one counts once in each stack, and so does a call that a stack makes twice.
 */
#ifndef SERVER_FUNCTIONS_H
#define SERVER_FUNCTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct tree;

#define FUNCTIONS_TOP_MAX 50000 /* rows: the largest by total */
#define FUNCTIONS_PEEK_MAX 2000 /* neighbours on either side, the largest */

int functions_top(const struct tree *tree, struct buf *out, struct err *err);

/* A name that no frame has gives zeros and no neighbours. */
int functions_peek(const struct tree *tree, struct view name, struct buf *out, struct err *err);

#endif
