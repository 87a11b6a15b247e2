/*
 * gather: many profiles of a store as one.
 *
 * Values are summed by the numbers of their stacks; one pass from the leaves to the roots gives
 * totals; what no screen could show is cut; names are looked up last, for what is left. So it costs
 * what was sampled, not what has a name.
 */
#ifndef QUERY_GATHER_H
#define QUERY_GATHER_H

#include "model/profile.h"
#include "store/store.h"

#define GATHER_OTHER "other" /* the frame of what was cut off below its caller */

struct gather_options {
	const struct store_select *select; /* with a whole type */
	size_t nodes_max;                  /* about so many of the largest are kept; 0 = all */
};

struct gather_figures {
	uint64_t profiles, series;
	size_t nodes, nodes_cut;
};

/* A profile of the one type asked for: the time is the range's, its samples have no labels. Sums
 * are exact whatever is cut. *ret is owned by the caller; ret_figures may be NULL. */
int gather(struct store *store, const struct gather_options *options, struct profile **ret,
	struct gather_figures *ret_figures, struct err *err);

#endif
