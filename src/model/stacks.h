/*
 * stacks: call stacks as one shared tree.
 *
 * A stack is named by its leaf node; a node is (parent, location). Node 0 is the
 * empty stack and the parent of every root frame. A parent's id is always lower
 * than its children's, so one pass downward over the ids sums totals.
 */
#ifndef MODEL_STACKS_H
#define MODEL_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

#define STACK_EMPTY 0
#define STACK_NONE UINT32_MAX

struct stack_node {
	uint32_t parent;
	uint32_t location;
	uint32_t last_child; /* a hint: the child used last, 0 = none */
};

struct stacks {
	struct stack_node *nodes; /* owned; nodes[0] is the empty stack */
	size_t count, cap;
	struct map children; /* (parent, location) -> node, where a parent has several */
};

/* A zeroed struct stacks is a valid one that holds only the empty stack (count may read 0). */
void stacks_fini(struct stacks *stacks);

/* The stack `parent` with one more frame at the leaf end; STACK_NONE without memory. */
uint32_t stacks_push(struct stacks *stacks, uint32_t parent, uint32_t location);

#endif
