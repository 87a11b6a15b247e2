/* gather_impl: what the files of gathering share. */
#ifndef QUERY_GATHER_IMPL_H
#define QUERY_GATHER_IMPL_H

#include "base/buf.h"
#include "base/map.h"
#include "query/gather.h"
#include "query/level.h"
#include "query/sums.h"

#define GATHER_ASIDE UINT16_MAX

struct gather_sum { /* over the stacks of one dictionary that belong to one group */
	struct sums of;
	uint32_t slot;   /* the group's */
	uint16_t *along; /* how much of the path a stack goes along; GATHER_ASIDE = it leaves it.
			    NULL = all are below it. Owned */
};

struct gather_slot { /* a group that is told apart; the last one is all others */
	uint32_t group;
	struct map sums; /* id of a dictionary to its index */
};

struct gathering {
	const struct gather_options *options;
	struct latenames *names; /* of the store */
	struct groups groups;
	uint32_t *slot_of; /* of a group that was met beforehand; owned */
	size_t n_known;
	struct gather_slot *slots; /* owned */
	size_t n_slots;
	struct gather_sum *sums;
	size_t n_sums, cap_sums;
	struct map series_of; /* ids of series that were met */
	struct level level;
	struct gather_figures figures;
	struct profile *into;
	uint64_t least;  /* what weighs as much is kept */
	unsigned edge;   /* the bucket below: of its nodes only … */
	uint64_t budget; /* … so many, parents before their children */
	struct err *err;
};

int gather_no_memory(struct gathering *g);

/* What a group is called at the root of a picture: label number `label`'s value. */
void gather_group_name(
	const struct gathering *g, const struct gather_sum *sum, size_t label, struct buf *out);

/* Which stacks go along the path. ERR_NOT_FOUND if none reaches its end. */
int gather_follow_path(struct gathering *g);

/* Whether the stack lies below the path, or on it: the latter is always kept. */
static inline bool gather_is_below(
	const struct gathering *g, const struct gather_sum *sum, size_t stack)
{
	return !sum->along || sum->along[stack] == g->options->n_path;
}

/* Decides what is large enough to be kept. */
void gather_find_least(struct gathering *g);
bool gather_keeps(struct gathering *g, const struct gather_sum *sum, size_t stack);

/* Puts what is kept of a sum into g->into. */
int gather_name(struct gathering *g, const struct gather_sum *sum);

#endif
