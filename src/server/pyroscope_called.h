/*
 * pyroscope_called: how much of what a store hands out was called from one place.
 *
 * A store's stacks have no names; a place is said in names. So the stacks of each dictionary are
 * named once, when the first of them is met.
 */
#ifndef SERVER_PYROSCOPE_CALLED_H
#define SERVER_PYROSCOPE_CALLED_H

#include "base/map.h"
#include "model/callsite.h"
#include "store/store.h"

struct pyroscope_called { /* begins as { .site = …, .late = …, .tenant = … } */
	struct callsite site;
	struct latenames *late; /* of the store; may be NULL */
	struct view tenant;
	struct map judged_of;  /* id of a dictionary to its index */
	struct judged *judged; /* owned */
	size_t n_judged, cap_judged;
};

/* The sum of the values whose stacks begin with the site. ERR_NOMEM. */
int pyroscope_called_total(struct pyroscope_called *called, const struct store_part *part,
	int64_t *ret, struct err *err);
void pyroscope_called_fini(struct pyroscope_called *called);

#endif
