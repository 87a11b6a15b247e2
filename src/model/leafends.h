/*
 * leafends: a profile whose stacks are cut to the frames next to the leaf.
 *
 * For compilers that optimize by profiles: they look at what is called in a loop and where, not at
 * how a program got there; the file becomes small.
 */
#ifndef MODEL_LEAFENDS_H
#define MODEL_LEAFENDS_H

#include "base/err.h"
#include "model/profile.h"

struct leafends_options {
	size_t locations_max;   /* of a stack, the leaf's among them; 0 = all */
	bool without_leaf_line; /* the line within the leaf function says nothing: calls of one
				   function from one place are one */
};

/* *ret is owned by the caller. ERR_NOMEM. */
int leafends(const struct profile *profile, const struct leafends_options *options,
	struct profile **ret, struct err *err);

#endif
