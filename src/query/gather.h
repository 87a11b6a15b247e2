/*
 * gather: many profiles of a store as one.
 *
 * Values are summed by the numbers of their stacks; one pass from the leaves to the roots gives
 * totals; what no screen could show is cut; names are looked up last, for what is left. So it costs
 * what was sampled, not what has a name. Of a level it is the mean over time (level.h). Frames that
 * came as addresses get the names that the store's latenames have by now.
 */
#ifndef QUERY_GATHER_H
#define QUERY_GATHER_H

#include "model/profile.h"
#include "query/groups.h"
#include "store/store.h"

#define GATHER_OTHER "other"     /* the frame of what was cut off below its caller */
#define GATHER_OTHERS "(others)" /* the value of groups that are not told apart */
#define GATHER_GROUPS_DEFAULT 20u
#define GATHER_GROUPS_MAX 1000u
#define GATHER_PATH_MAX 1024u

struct gather_options {
	const struct store_select *select; /* with a whole type */
	size_t nodes_max;                  /* about so many of the largest are kept; 0 = all */

	/* Labels that the samples have afterwards, with the values of their series. The groups with
	 * the largest totals are told apart; all others are one. */
	const struct view *group;
	size_t n_group;
	size_t groups_max;    /* 0 = GATHER_GROUPS_DEFAULT */
	bool group_as_frames; /* at the root of the stacks, as copy_grouped makes them, and no
				 labels: what a picture is made of */

	/* Snapshots of a level (level.h) are added up like everything else, not their mean taken.
	 */
	bool levels_summed;

	/* What frames are called from the root on, after the values of the groups: what is not
	 * below this path is cut before anything else is. So a part of the whole can be looked at
	 * as closely as the whole can. */
	const struct view *path;
	size_t n_path;
};

struct gather_figures {
	uint64_t profiles, series;
	size_t nodes, nodes_cut;      /* below the path */
	uint64_t weight_cut;          /* what those that were cut add up to */
	size_t groups, groups_joined; /* met; and those that are in GATHER_OTHERS */
	size_t addresses, unnamed;    /* frames that came without a name; that still have none */
};

/* A profile of the one type asked for: the time is the range's, its samples have the labels of
 * their groups. Sums are exact whatever is cut. *ret is owned by the caller; ret_figures may be
 * NULL. ERR_NOT_FOUND: there is no such path. */
int gather(struct store *store, const struct gather_options *options, struct profile **ret,
	struct gather_figures *ret_figures, struct err *err);

#endif
