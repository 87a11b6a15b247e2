/* profile_add: samples, one for each stack and set of labels. */
#include <assert.h>
#include <string.h>

#include "base/vec.h"
#include "model/profile.h"

static int64_t saturating_sum(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static bool add_sample(struct profile *profile, uint32_t stack, uint32_t labels)
{
	struct sample *added;

	if (!VEC_FITS(profile->values, profile->cap_values, profile->n_values + profile->n_types))
		return false;
	added = VEC_ADD(profile->samples, profile->n_samples, profile->cap_samples);
	if (!added)
		return false;
	*added = (struct sample){ .stack = stack, .labels = labels };
	memset(&profile->values[profile->n_values], 0, profile->n_types * sizeof(*profile->values));
	profile->n_values += profile->n_types;
	return true;
}

/* The place that says which sample is the stack's first. */
static uint32_t *first_of(struct profile *profile, uint32_t stack)
{
	size_t old = profile->n_first_sample;

	if (stack >= old) {
		size_t cap = old;

		if (!VEC_FITS(profile->first_sample, cap, (size_t)stack + 1))
			return NULL;
		memset(profile->first_sample + old, 0,
			(cap - old) * sizeof(*profile->first_sample));
		profile->n_first_sample = cap;
	}
	return &profile->first_sample[stack];
}

/* The sample's number, a new one if need be; PROFILE_NONE without memory. Most stacks have one
 * sample, found without a search. */
static uint32_t sample_with(struct profile *profile, uint32_t stack, uint32_t labels)
{
	uint64_t key = (uint64_t)labels << 32 | stack;
	uint32_t *first = first_of(profile, stack);
	uint64_t *found;
	bool is_new;

	if (!first || profile->n_samples >= PROFILE_NONE - 1)
		return PROFILE_NONE;
	if (*first == 0) {
		if (!add_sample(profile, stack, labels))
			return PROFILE_NONE;
		*first = (uint32_t)profile->n_samples;
		return *first - 1;
	}
	if (profile->samples[*first - 1].labels == labels)
		return *first - 1;
	found = map_add(&profile->sample_of, key, &is_new);
	if (found && is_new) {
		*found = profile->n_samples;
		if (!add_sample(profile, stack, labels)) {
			map_remove(&profile->sample_of, key);
			return PROFILE_NONE;
		}
	}
	return found ? (uint32_t)*found : PROFILE_NONE;
}

void profile_add(struct profile *profile, uint32_t stack, uint32_t labels, const int64_t *values)
{
	uint32_t sample = PROFILE_NONE;
	int64_t *sums;

	if (stack != PROFILE_NONE && labels != PROFILE_NONE) {
		assert(labels < profile->n_label_sets);
		sample = sample_with(profile, stack, labels);
	}
	if (sample == PROFILE_NONE) {
		profile->failed = true;
		return;
	}
	sums = &profile->values[sample * profile->n_types];
	for (size_t i = 0; i < profile->n_types; i++)
		sums[i] = saturating_sum(sums[i], values[i]);
}
