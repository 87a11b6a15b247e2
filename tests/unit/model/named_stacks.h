/* named_stacks: profiles written down as folded stacks, for tests that look at single nodes. */
#ifndef NAMED_STACKS_H
#define NAMED_STACKS_H

#include "model/profile.h"

/* Types "base" and "new". */
static inline struct profile *named_stacks(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	return p;
}

/* "" is the empty stack. */
static inline void named_stacks_add(
	struct profile *p, const char *names, int64_t base, int64_t value)
{
	struct view rest = view_of(names);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, (int64_t[]){ base, value });
}

#endif
