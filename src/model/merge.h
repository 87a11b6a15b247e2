/*
 * merge: the sum of profiles, and two side by side.
 */
#ifndef MODEL_MERGE_H
#define MODEL_MERGE_H

#include "base/err.h"
#include "model/profile.h"

/*
 * Adds `from` to `into`: durations add up, the earliest known time and the longest period
 * win, comments and accounting join. An empty `into` (no types) takes from's types; else
 * ERR_USAGE unless both have the same types in the same order (see merge_common_types).
 */
int merge_into(struct profile *into, const struct profile *from, struct err *err);

/* Adds the samples of `from`, each with `values[i] = scale[i] * from's value[i]`. */
int merge_scaled(
	struct profile *into, const struct profile *from, const double *scale, struct err *err);

/* A copy of `from` that has only the sample types that `with` has too, in with's order; NULL and
 * a sentence if there is none. *ret is owned by the caller. */
int merge_common_types(const struct profile *from, const struct profile *with, struct profile **ret,
	struct err *err);

/* A profile with two sample types, "base" and "new", of one unit: type `type` (as for
 * profile_find_type) of either. *ret is owned by the caller. */
int merge_pair(const struct profile *base, const struct profile *new_, struct view type,
	struct profile **ret, struct err *err);

#endif
