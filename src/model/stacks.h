/*
 * stacks: call stacks as one shared tree.
 *
 * A stack is named by its leaf node; a node is (parent, location). Node 0 is the
 * empty stack and the parent of every root frame. A parent's id is always lower
 * than its children's, so one pass downward over the ids sums totals.
 *
 * Most nodes have one child, so that child is found through its parent and only the
 * others are in the table; a chain of single children lies in order in memory.
 */
#ifndef MODEL_STACKS_H
#define MODEL_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/intern.h"

#define STACK_EMPTY 0
#define STACK_NONE UINT32_MAX

struct stack_node {
	uint32_t parent;
	uint32_t location;
	uint32_t first_child; /* 0 = none */
	uint32_t last_child;  /* the child used last, 0 = none */
};

struct stacks {
	struct stack_node *nodes; /* owned; nodes[0] is the empty stack */
	size_t count, cap;
	struct intern others; /* the children that are not their parent's first */
};

/* A zeroed struct stacks is a valid one that holds only the empty stack (count may read 0). */
void stacks_fini(struct stacks *stacks);

/* Room for about so many nodes; only the memory that is used is touched. */
bool stacks_reserve(struct stacks *stacks, size_t count);

/* What stacks_push does when the child used last is another one. */
uint32_t stacks_push_other(struct stacks *stacks, uint32_t parent, uint32_t location);

/* The stack `parent` with one more frame at the leaf end; STACK_NONE without memory. */
static inline uint32_t stacks_push(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	if (stacks->count) {
		uint32_t child = stacks->nodes[parent].last_child;

		/* Node 0 is nobody's child: its location matches none. */
		if (stacks->nodes[child].location == location)
			return child;
	}
	return stacks_push_other(stacks, parent, location);
}

/* Pushes n locations, root first; ret[i] is the stack after the i-th. False without memory. */
bool stacks_push_all(
	struct stacks *stacks, uint32_t parent, const uint32_t *locations, size_t n, uint32_t *ret);

#endif
