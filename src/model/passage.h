/*
 * passage: every stack of a profile visited once, frame by frame, root first.
 *
 * A stack's frames are entered before its children's and left after them, so a visitor
 * knows the whole path at any time without recursion. Values are signed.
 */
#ifndef MODEL_PASSAGE_H
#define MODEL_PASSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/frames.h"
#include "model/profile.h"

struct passage {
	const struct profile *profile; /* must outlive it */
	struct frames frames;
	int64_t *self, *total;            /* of each stack; owned */
	int64_t *base_self, *base_total;  /* of the base type, or NULL; owned */
	uint32_t *first_child, *children; /* owned */
};

struct passage_options {
	size_t type;
	int base_type; /* -1 = none */
	enum frames_granularity granularity;
};

/* Finish with passage_fini, also after an error. */
int passage_init(struct passage *passage, const struct profile *profile,
	const struct passage_options *options, struct err *err);
void passage_fini(struct passage *passage);

struct passage_visitor {
	/* Called for each frame on the way down and up. `is_leaf`: the last frame of its stack,
	 * whose self value ends here. `line` counts from 0, the outermost of the location. False
	 * stops. */
	bool (*enter)(void *state, uint32_t stack, uint32_t line, bool is_leaf);
	void (*leave)(void *state, uint32_t stack, uint32_t line);
	void *state;
};

/* Stacks without any value below them are not visited. ERR_NOMEM also if the visitor stops. */
int passage_walk(
	const struct passage *passage, const struct passage_visitor *visitor, struct err *err);

/* The frame that (stack, line) shows. */
const struct frame *passage_frame(const struct passage *passage, uint32_t stack, uint32_t line);

static inline int64_t passage_sum(int64_t a, int64_t b) /* saturating */
{
	int64_t both;

	if (__builtin_add_overflow(a, b, &both))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return both;
}

#endif
