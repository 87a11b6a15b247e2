/*
 * split: the samples of a profile by the series that their labels make.
 *
 * A text label of a sample becomes a label of its series; trace_id, span_id and profile_id stay
 * with the sample, and what the profile's own labels say counts more, unless samples_count_more. If
 * that makes more series than limits.profile_series, the label with the most values is left out,
 * until it does not.
 */
#ifndef INGEST_SPLIT_H
#define INGEST_SPLIT_H

#include "ingest/labelset.h"
#include "model/profile.h"

struct split_group {
	struct labelset labels;
	uint32_t *samples; /* numbers, in order; NULL = all */
	size_t n_samples;
};

struct split {
	struct split_group *groups; /* in the arena */
	size_t n_groups;
	size_t n_left_out;    /* labels (keys) that would have made too many series … */
	struct view left_out; /* … the worst of them, in the profile */
};

/* Everything in *ret is in the arena of `base`, or the profile's. False without memory. */
bool split_samples(const struct profile *profile, const struct labelset *base,
	bool samples_count_more, const struct limits *limits, struct split *ret);

#endif
