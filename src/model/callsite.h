/*
 * callsite: the stacks that begin with certain functions.
 *
 * Frames are compared by the names that pictures show, from the root, inlined ones too.
 */
#ifndef MODEL_CALLSITE_H
#define MODEL_CALLSITE_H

#include "base/err.h"
#include "model/profile.h"

struct callsite {
	const struct view *names; /* root first */
	size_t n;
};

/* *ret says for each stack of the profile whether it does; owned by the caller. ERR_NOMEM. */
int callsite_match(
	const struct profile *profile, const struct callsite *site, bool **ret, struct err *err);

/* A profile of the samples whose stacks do. *ret is owned by the caller. */
int callsite_filter(const struct profile *profile, const struct callsite *site,
	struct profile **ret, struct err *err);

#endif
