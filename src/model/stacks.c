/* stacks: call stacks as one shared tree. */
#include "model/stacks.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

#define OTHERS_SHARE 16 /* about one node in sixteen is not next to its parent */
#define FIRST_SLOTS 64
#define LANES 16
/* So many nodes, with their slots, stay in a core's own cache. */
#define CACHED_NODES ((size_t)256 << 10)

void stacks_fini(struct stacks *stacks)
{
	free(stacks->nodes);
	free(stacks->slots);
	*stacks = (struct stacks){ 0 };
}

static uint32_t hash_of(uint32_t parent, uint32_t location)
{
	return (uint32_t)hash_keyed((uint64_t)parent << 32 | location);
}

/* Where the child is, or would go. */
static struct stack_slot *slot_of(
	struct stack_slot *slots, size_t cap, uint32_t parent, uint32_t location)
{
	size_t at = hash_of(parent, location) & (cap - 1);

	while (slots[at].id &&
		(slots[at].node.location != location || slots[at].node.parent != parent))
		at = (at + 1) & (cap - 1);
	return &slots[at];
}

static bool fit_slots(struct stacks *stacks, size_t count)
{
	size_t cap = stacks->cap_slots ? stacks->cap_slots : FIRST_SLOTS;
	struct stack_slot *bigger;

	while (count * 4 > cap * 3)
		cap *= 2;
	if (cap == stacks->cap_slots)
		return true;
	bigger = vec_zeroed(cap * sizeof(*bigger));
	if (!bigger)
		return false;
	for (size_t i = 0; i < stacks->cap_slots; i++)
		if (stacks->slots[i].id)
			*slot_of(bigger, cap, stacks->slots[i].node.parent,
				stacks->slots[i].node.location) = stacks->slots[i];
	free(stacks->slots);
	stacks->slots = bigger;
	stacks->cap_slots = cap;
	return true;
}

/* Room for n more nodes, one of which may go to the table, and for the empty stack. */
static bool make_room(struct stacks *stacks, size_t n)
{
	if (n >= STACK_NONE - 1 - stacks->count ||
		!VEC_FITS(stacks->nodes, stacks->cap, stacks->count + n + 1) ||
		!fit_slots(stacks, stacks->n_slots + 1))
		return false;
	if (stacks->count == 0)
		stacks->nodes[stacks->count++] = (struct stack_node){ 0, UINT32_MAX };
	return true;
}

bool stacks_reserve(struct stacks *stacks, size_t count)
{
	return VEC_FITS(stacks->nodes, stacks->cap, count) &&
	       fit_slots(stacks, count / OTHERS_SHARE);
}

/* A new node; there is room for it. `slot` is where the table has to name it. */
static uint32_t add(
	struct stacks *stacks, uint32_t parent, uint32_t location, struct stack_slot *slot)
{
	const struct stack_node node = { parent, location };
	uint32_t id = (uint32_t)stacks->count++;

	stacks->nodes[id] = node;
	if (id != parent + 1) {
		*slot = (struct stack_slot){ node, id };
		stacks->n_slots++;
	}
	return id;
}

uint32_t stacks_push_other(struct stacks *stacks, uint32_t parent, uint32_t location)
{
	struct stack_slot *slot;

	if (!make_room(stacks, 1))
		return STACK_NONE;
	assert(parent < stacks->count);
	slot = slot_of(stacks->slots, stacks->cap_slots, parent, location);
	return slot->id ? slot->id : add(stacks, parent, location, slot);
}

/* One stack on its way down. */
struct lane {
	const uint32_t *leaf;
	size_t left; /* frames still to go: leaf[left - 1], the nearest to the root, is next */
	uint32_t node;
	uint32_t *ret; /* NULL: no stack */
	bool asked;    /* memory for the slot of the next child */
};

/* Down the nodes that lie next to each other. */
static inline void walk(const struct stacks *stacks, struct lane *lane)
{
	const struct stack_node *next = &stacks->nodes[lane->node + 1];
	const struct stack_node *end = &stacks->nodes[stacks->count];
	size_t left = lane->left;

	for (; left && next < end; next++, lane->node++, left--)
		if (next->parent != lane->node || next->location != lane->leaf[left - 1])
			break;
	lane->left = left;
}

/* Into the child that is not the next node; or, as everything below a new node is new, to the
 * end. */
static bool descend(struct stacks *stacks, struct lane *lane)
{
	struct stack_slot *slot;

	if (!make_room(stacks, lane->left))
		return false;
	slot = slot_of(stacks->slots, stacks->cap_slots, lane->node, lane->leaf[lane->left - 1]);
	if (slot->id) {
		lane->node = slot->id;
		lane->left--;
		__builtin_prefetch(&stacks->nodes[slot->id + 1]);
		return true;
	}
	for (; lane->left; lane->left--)
		lane->node = add(stacks, lane->node, lane->leaf[lane->left - 1], slot);
	return true;
}

static void ask(const struct stacks *stacks, struct lane *lane)
{
	uint32_t hash = hash_of(lane->node, lane->leaf[lane->left - 1]);

	__builtin_prefetch(&stacks->slots[hash & (stacks->cap_slots - 1)]);
	lane->asked = true;
}

/* As far as it goes without waiting for memory. Another lane may have added what this one was
 * about to look for, even next to its node. */
static bool step(struct stacks *stacks, struct lane *lane)
{
	bool waits = stacks->count > CACHED_NODES, ok = true;

	do {
		size_t before = lane->left;

		walk(stacks, lane);
		if (!lane->left)
			break;
		if (waits && (!lane->asked || lane->left != before)) {
			ask(stacks, lane);
			return true;
		}
		ok = descend(stacks, lane);
		lane->asked = false;
	} while (ok && !waits && lane->left);
	if (ok && !lane->left) {
		*lane->ret = lane->node;
		lane->ret = NULL;
	}
	return ok;
}

bool stacks_push_many(struct stacks *stacks, const uint32_t *locations, const uint32_t *edges,
	size_t n, uint32_t *ids)
{
	struct lane lanes[LANES] = { 0 };
	size_t given = 0, done = 0;

	if (!make_room(stacks, 1))
		return false;
	while (done < n)
		for (struct lane *lane = lanes; lane < lanes + LANES; lane++) {
			if (!lane->ret && given < n) {
				*lane = (struct lane){ .leaf = locations + edges[given],
					.left = edges[given + 1] - edges[given],
					.node = ids[given],
					.ret = &ids[given] };
				given++;
			}
			if (!lane->ret)
				continue;
			if (!step(stacks, lane))
				return false;
			done += !lane->ret;
		}
	return true;
}
