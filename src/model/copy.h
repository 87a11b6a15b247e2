/*
 * copy: things of one profile, found or added in another.
 *
 * Ids are translated as they are asked for, each once; what no sample needs is not carried
 * over. Failure is sticky in `into->failed`, as for all adding.
 */
#ifndef MODEL_COPY_H
#define MODEL_COPY_H

#include "base/err.h"
#include "model/profile.h"

struct copy {
	const struct profile *from;
	struct profile *into;
	/* Of each id of `from`: the id in `into` plus 1, 0 = not asked for yet. Owned. */
	uint32_t *strings, *mappings, *functions, *locations, *stacks, *label_sets;
	uint32_t *path; /* owned */
	size_t cap_path;
	struct label *labels; /* owned */
	size_t cap_labels;
	struct line *lines; /* owned */
	size_t cap_lines;
};

/* ERR_NOMEM. Finish with copy_fini, also after an error. */
int copy_init(struct copy *copy, const struct profile *from, struct profile *into, struct err *err);
void copy_fini(struct copy *copy);

/* Each returns the id in `into`, or PROFILE_NONE without memory. */
uint32_t copy_string(struct copy *copy, uint32_t id);
uint32_t copy_function(struct copy *copy, uint32_t id);
uint32_t copy_location(struct copy *copy, uint32_t id);
uint32_t copy_stack(struct copy *copy, uint32_t id);
uint32_t copy_labels(struct copy *copy, uint32_t id);

/* The sample types, and everything about the capture but its samples. `into` must be new. */
int copy_header(struct copy *copy, struct err *err);

/* A profile whose stacks start with a frame for the value of each label key: string ids of
 * `from`, outermost first. A sample without the label gets "(no KEY)". *ret is owned by the caller.
 */
int copy_grouped(const struct profile *from, const uint32_t *keys, size_t n_keys,
	struct profile **ret, struct err *err);

#endif
