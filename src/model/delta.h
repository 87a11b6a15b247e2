/*
 * delta: what changed between two snapshots of one kind.
 */
#ifndef MODEL_DELTA_H
#define MODEL_DELTA_H

#include "base/err.h"
#include "model/profile.h"

/* The second less the first, as Go's endpoint has it: the time is the second's, the duration what
 * lies between, and samples in which nothing changed are not there. What shrank is negative.
 * ERR_USAGE unless both have the same types. *ret is owned by the caller. */
int delta_of(const struct profile *first, const struct profile *second, struct profile **ret,
	struct err *err);

#endif
