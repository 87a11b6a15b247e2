/*
 * push_snapshot: snapshots of what is kept all the time, as windows: what came since the last one.
 *
 * Of memory, what was allocated is a difference and what is in use is what is in use now.
 */
#ifndef INPROC_PUSH_SNAPSHOT_H
#define INPROC_PUSH_SNAPSHOT_H

#include <stdbool.h>

#include "base/err.h"
#include "inproc/kind.h"

struct push_item;

struct push_snapshot {
	const struct kind *kind;
	struct profile *last; /* owned; NULL before the first */
};

/* Whether windows of the kind are worth a push: snapshots of one kind that show the same data as
 * another's are not, nor are those that only count what is there. */
bool push_snapshot_wanted(const struct kind *kind);

/* The window from the last snapshot to one that is taken now. *ret is owned by the caller; NULL if
 * the kind is not kept at the moment, if this is the first, or if nothing happened. */
int push_snapshot_next(struct push_snapshot *snapshot, struct profile **ret, struct err *err);

void push_snapshot_fini(struct push_snapshot *snapshot);

/* Puts the zipped profile into the item: as it is, or, where a server could not tell block from
 * mutex by the names of the types, as a form that gives them Pyroscope's. */
void push_snapshot_fill(const struct kind *kind, struct view profile, struct push_item *item);

#endif
