/*
 * level: types that say what there is at a moment: memory that lives, goroutines, threads.
 *
 * What happens (CPU time, allocations, waits) adds up over time; snapshots of what there is do not:
 * ten of a gigabyte are a gigabyte. Of a level a selection has its mean over time:
 *
 *     of a series   the mean of its snapshots, times the part of the time that it was there
 *     of several    their sum: ten processes with a gigabyte each have ten
 *
 * The time is from the first snapshot that is selected to the end of the last one; a series was
 * there from its first to its last, and then for as long as there is between two of its own. A
 * service that was started anew in the middle has what it had, not twice as much.
 *
 * docs/decisions/0139-levels-are-means.md
 */
#ifndef QUERY_LEVEL_H
#define QUERY_LEVEL_H

#include "base/map.h"
#include "store/store.h"

bool level_is(const struct store_type *type);

/* Means are summed as so many parts of one, and rounded when all are there. */
#define LEVEL_PARTS 1024

struct level_series {
	int64_t begin_ns, end_ns;
	uint64_t n; /* snapshots */
};

struct level {
	bool is_one;             /* the type is none, or there is one snapshot of each series */
	struct map of;           /* ids of series to places below */
	struct level_series *at; /* owned */
	size_t n, cap;
	int64_t begin_ns, end_ns; /* of all */
	int64_t usual_ns;         /* between two snapshots of a series; 0 = nobody knows */
};

/* Looks which snapshots there are. level_fini also after an error. */
int level_init(struct level *level, struct store *store, const struct store_select *select,
	struct err *err);
void level_fini(struct level *level);

/* What a value of the series counts for, in LEVEL_PARTS. */
double level_weight(const struct level *level, uint64_t series);

/* value × weight, rounded; saturating. */
int64_t level_parts(int64_t value, double weight);

/* Parts to whole numbers, so that their sum is rounded once and not each by itself. */
void level_settle(int64_t *values, size_t n);

#endif
