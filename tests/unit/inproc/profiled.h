/* profiled: CPU profiles of the test itself, and what is in them. */
#ifndef PROFILED_H
#define PROFILED_H

#include <time.h>

#include "base/buf.h"
#include "codec/codec.h"
#include "model/profile.h"
#include "testing.h"

static volatile uint64_t profiled_sink;

static inline double profiled_cpu(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Uses so much CPU time of the calling thread, in the caller's own code. */
#define PROFILED_BURN(seconds)                                 \
	do {                                                   \
		double until_ = profiled_cpu() + (seconds);    \
		while (profiled_cpu() < until_)                \
			for (int i_ = 0; i_ < 10000; i_++)     \
				profiled_sink += (uint64_t)i_; \
	} while (0)

static inline struct profile *profiled_decode(struct view bytes)
{
	struct profile *profile = NULL;
	struct err err;

	if (codec_decode(bytes, &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

static inline bool profiled_location_is(
	const struct profile *p, uint32_t location, const char *name)
{
	const struct location *l = &p->locations[location];

	for (uint32_t i = 0; i < l->n_lines; i++) {
		const struct line *line = &p->lines[l->first_line + i];

		if (view_equal(profile_text(p, p->functions[line->function].name), view_of(name)))
			return true;
	}
	return false;
}

/* The sum of the first value of the samples that have the function anywhere on their stack. */
static inline int64_t profiled_total(const struct profile *p, const char *name)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t stack = p->samples[i].stack;
		bool found = false;

		for (; stack != STACK_EMPTY && !found; stack = p->stacks.nodes[stack].parent)
			found = profiled_location_is(p, p->stacks.nodes[stack].location, name);
		sum += found ? p->values[i * p->n_types] : 0;
	}
	return sum;
}

/* The sum of the first value of the samples that carry the label. */
static inline int64_t profiled_labelled(const struct profile *p, const char *key, const char *value)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		const struct label_set *set = &p->label_sets[p->samples[i].labels];

		for (uint32_t k = 0; k < set->count; k++) {
			const struct label *label = &p->labels[set->first + k];

			if (view_equal(profile_text(p, label->key), view_of(key)) &&
				view_equal(profile_text(p, label->str), view_of(value)))
				sum += p->values[i * p->n_types];
		}
	}
	return sum;
}

#endif
