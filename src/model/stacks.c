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

static uint64_t key_of(uint32_t parent, uint32_t location)
{
	return (uint64_t)parent << 32 | location;
}

/*
 * Most nodes have one child: the hint alone knows it, which saves the hash and its cache misses.
 * Only when a second child comes are both put into the map.
 */
static uint32_t add_sibling(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	uint32_t first = stacks->nodes[parent].last_child, id;
	uint64_t *known = map_add(
		&stacks->children, key_of(parent, stacks->nodes[first].location), NULL);
	uint64_t *found;
	bool is_new;

	if (!known)
		return STACK_NONE;
	*known = first;
	found = map_add(&stacks->children, key_of(parent, location), &is_new);
	if (!found)
		return STACK_NONE;
	if (!is_new)
		return (uint32_t)*found;
	id = add_node(stacks, parent, location);
	if (id == STACK_NONE)
		map_remove(&stacks->children, key_of(parent, location));
	else
		*found = id;
	return id;
}

uint32_t stacks_push(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	uint32_t hint, id;

	if (stacks->count == 0 && add_node(stacks, 0, UINT32_MAX) == STACK_NONE)
		return STACK_NONE;
	assert(parent < stacks->count);
	hint = stacks->nodes[parent].last_child;
	if (hint && stacks->nodes[hint].location == location)
		return hint;
	id = hint ? add_sibling(stacks, parent, location) : add_node(stacks, parent, location);
	if (id != STACK_NONE)
		stacks->nodes[parent].last_child = id;
	return id;
}
