/* stacks: call stacks as one shared tree. */
#include "model/stacks.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"

void stacks_fini(struct stacks *stacks)
{
	free(stacks->nodes);
	map_fini(&stacks->children);
	*stacks = (struct stacks){ 0 };
}

static uint32_t add_node(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	uint32_t id = (uint32_t)stacks->count;

	if (stacks->count >= STACK_NONE || !VEC_FITS(stacks->nodes, stacks->cap, stacks->count + 1))
		return STACK_NONE;
	stacks->nodes[stacks->count++] =
		(struct stack_node){ .parent = parent, .location = location };
	return id;
}

uint32_t stacks_push(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	struct stack_node *hint;
	uint64_t *found;
	uint32_t id;
	bool is_new;

	if (stacks->count == 0 && add_node(stacks, 0, UINT32_MAX) == STACK_NONE)
		return STACK_NONE;
	assert(parent < stacks->count);
	/* Most nodes have one child: the hint saves the hash and its cache miss. */
	hint = &stacks->nodes[stacks->nodes[parent].last_child];
	if (hint->location == location && hint->parent == parent)
		return stacks->nodes[parent].last_child;
	found = map_add(&stacks->children, (uint64_t)parent << 32 | location, &is_new);
	if (!found)
		return STACK_NONE;
	if (is_new) {
		id = add_node(stacks, parent, location);
		if (id == STACK_NONE) {
			map_remove(&stacks->children, (uint64_t)parent << 32 | location);
			return STACK_NONE;
		}
		*found = id;
	}
	id = (uint32_t)*found;
	stacks->nodes[parent].last_child = id;
	return id;
}
