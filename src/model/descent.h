/*
 * descent: all stacks of a profile, walked together one frame at a time.
 *
 * An item is a place in a stack together with how much of the profile passes through it.
 * Upright, items start at the roots and part at every fork; inverted, they start at the
 * leaves and go to the root. What a tree is made of, level by level.
 */
#ifndef MODEL_DESCENT_H
#define MODEL_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/frames.h"
#include "model/profile.h"

/* Which of an item's values count: all, those that end in its frame, or those that go on. */
enum item_part { ITEM_WHOLE, ITEM_OWN, ITEM_REST };

struct item {
	uint32_t stack;
	uint32_t line : 30;   /* which frame of the stack's location, in the order of the walk */
	uint32_t part : 2;    /* enum item_part */
	uint32_t name;        /* of that frame, in frames->names */
	uint32_t node;        /* for the caller: the node it follows */
	uint64_t total, base; /* what passes through it; base: of the type to compare with */
};

struct items {
	struct item *at; /* owned */
	size_t count, cap;
};

struct descent {
	const struct profile *profile; /* must outlive it */
	struct frames frames;
	bool inverted, is_diff, had_negative;

	/* Of each stack, owned: its own values, and (upright) these plus its children's. */
	uint64_t *self, *base_self, *total, *base_total;
	uint32_t *first_child, *children; /* children without a value are not listed */
};

struct descent_options {
	size_t type;
	int base_type; /* -1 = none */
	enum frames_granularity granularity;
	bool inverted;
};

/* Finish with descent_fini, also after an error. */
int descent_init(struct descent *descent, const struct profile *profile,
	const struct descent_options *options, struct err *err);
void descent_fini(struct descent *descent);

/* What ends in the empty stack, and what there is in all. */
void descent_root(const struct descent *descent, struct item *ret_self, struct item *ret_whole);

/* Appends the first frames of all stacks, or those that follow `item`; false without memory. */
bool descent_start(const struct descent *descent, struct items *into);
bool descent_next(const struct descent *descent, struct item item, struct items *into);

/* The part of the item's values that ends in its frame. */
uint64_t descent_self(const struct descent *descent, const struct item *item);
uint64_t descent_base_self(const struct descent *descent, const struct item *item);

const struct frame *descent_frame(const struct descent *descent, const struct item *item);

static inline uint64_t descent_sum(uint64_t a, uint64_t b) /* saturating */
{
	uint64_t both;

	return __builtin_add_overflow(a, b, &both) ? UINT64_MAX : both;
}

#endif
