/* stacks: call stacks as one shared tree. */
#include "model/stacks.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

#define OTHERS_SHARE 4 /* about one node in four is not its parent's first child */

void stacks_fini(struct stacks *stacks)
{
	free(stacks->nodes);
	intern_fini(&stacks->others);
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

bool stacks_reserve(struct stacks *stacks, size_t count)
{
	return VEC_FITS(stacks->nodes, stacks->cap, count) &&
	       intern_reserve(&stacks->others, count / OTHERS_SHARE);
}

static bool is_child(const void *owner, uint32_t id, const void *wanted)
{
	const struct stacks *stacks = owner;
	const struct stack_node *node = wanted;

	return stacks->nodes[id].parent == node->parent &&
	       stacks->nodes[id].location == node->location;
}

static uint32_t find_other(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	struct stack_node wanted = { .parent = parent, .location = location };
	uint64_t hash = hash_u64((uint64_t)parent << 32 | location);
	uint32_t id = intern_find(&stacks->others, hash, is_child, stacks, &wanted);

	if (id != INTERN_NONE)
		return id;
	id = add_node(stacks, parent, location);
	if (id != STACK_NONE && !intern_add(&stacks->others, hash, id)) {
		stacks->count--;
		return STACK_NONE;
	}
	return id;
}

uint32_t stacks_push_other(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	uint32_t id;

	if (stacks->count == 0 && add_node(stacks, 0, UINT32_MAX) == STACK_NONE)
		return STACK_NONE;
	assert(parent < stacks->count);
	id = stacks->nodes[parent].first_child;
	if (id == 0) {
		id = add_node(stacks, parent, location);
		if (id == STACK_NONE)
			return id;
		stacks->nodes[parent].first_child = id;
	} else if (stacks->nodes[id].location != location) {
		id = find_other(stacks, parent, location);
		if (id == STACK_NONE)
			return id;
	}
	stacks->nodes[parent].last_child = id;
	return id;
}

/* Everything below a new node is new. */
static bool add_chain(
	struct stacks *stacks, uint32_t parent, const uint32_t *locations, size_t n, uint32_t *ret)
{
	struct stack_node *nodes;
	uint32_t id = (uint32_t)stacks->count;

	if (n > STACK_NONE - stacks->count ||
		!VEC_FITS(stacks->nodes, stacks->cap, stacks->count + n))
		return false;
	nodes = stacks->nodes;
	nodes[parent].first_child = nodes[parent].last_child = id;
	for (size_t i = 0; i < n; i++, id++) {
		nodes[id] = (struct stack_node){ parent, locations[i], id + 1, id + 1 };
		ret[i] = parent = id;
	}
	nodes[parent].first_child = nodes[parent].last_child = 0;
	stacks->count = id;
	return true;
}

bool stacks_push_all(
	struct stacks *stacks, uint32_t parent, const uint32_t *locations, size_t n, uint32_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (stacks->count && stacks->nodes[parent].first_child == 0)
			return add_chain(stacks, parent, locations + i, n - i, ret + i);
		parent = stacks_push(stacks, parent, locations[i]);
		if (parent == STACK_NONE)
			return false;
		ret[i] = parent;
	}
	return true;
}
