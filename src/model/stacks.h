/*
 * stacks: call stacks as one shared tree.
 *
 * A stack is named by its leaf node; a node is (parent, location). Node 0 is the
 * empty stack and the parent of every root frame. A parent's id is always lower
 * than its children's, so one pass downward over the ids sums totals.
 *
 * Most nodes have one child, which was added right after them: it is the next node. Only the
 * others are in the table, and a chain of single children lies in order in memory.
 */
#ifndef MODEL_STACKS_H
#define MODEL_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STACK_EMPTY 0
#define STACK_NONE UINT32_MAX

struct stack_node {
	uint32_t parent;
	uint32_t location;
};

struct stack_slot {
	struct stack_node node;
	uint32_t id; /* 0 = free */
};

struct stacks {
	struct stack_node *nodes; /* owned; nodes[0] is the empty stack */
	size_t count, cap;
	struct stack_slot *slots; /* owned; the children that are not next to their parents */
	size_t n_slots, cap_slots;
};

/* A zeroed struct stacks is a valid one that holds only the empty stack (count may read 0). */
void stacks_fini(struct stacks *stacks);

/* Room for about so many nodes; only the memory that is used is touched. */
bool stacks_reserve(struct stacks *stacks, size_t count);

/* What stacks_push does when the child is not the next node. */
uint32_t stacks_push_other(struct stacks *stacks, uint32_t parent, uint32_t location);

/* The stack `parent` with one more frame at the leaf end; STACK_NONE without memory. */
static inline uint32_t stacks_push(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	uint32_t next = parent + 1;

	if (next < stacks->count && stacks->nodes[next].parent == parent &&
		stacks->nodes[next].location == location)
		return next;
	return stacks_push_other(stacks, parent, location);
}

/* Many stacks at once: the i-th is `ids[i]` with the locations from edges[i] to before edges[i + 1]
 * on top, leaf first; ids[i] then names it. While one waits for memory the others go on, so that
 * this is several times as fast as pushing frame by frame. False without memory. */
bool stacks_push_many(struct stacks *stacks, const uint32_t *locations, const uint32_t *edges,
	size_t n, uint32_t *ids);

#endif
