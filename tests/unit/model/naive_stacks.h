/* naive_stacks: the stacks of a profile as arrays of names, for tests that do things the slow way.
 */
#ifndef NAIVE_STACKS_H
#define NAIVE_STACKS_H

#include "model/frames.h"

#define NAIVE_DEPTH_MAX 64

struct naive_stack {
	struct view frames[NAIVE_DEPTH_MAX]; /* root first */
	size_t n;
};

/* Names borrow from `frames`. */
static inline struct naive_stack naive_stack(
	const struct profile *p, const struct frames *frames, uint32_t id)
{
	struct naive_stack stack = { .n = 0 };

	for (; id != STACK_EMPTY; id = p->stacks.nodes[id].parent) {
		uint32_t location = p->stacks.nodes[id].location;

		for (uint32_t f = frames->first[location]; f < frames->first[location + 1]; f++)
			stack.frames[stack.n++] = strings_at(&frames->names, frames->all[f].name);
	}
	for (size_t i = 0; i < stack.n / 2; i++) {
		struct view swapped = stack.frames[i];

		stack.frames[i] = stack.frames[stack.n - 1 - i];
		stack.frames[stack.n - 1 - i] = swapped;
	}
	return stack;
}

#endif
