/*
 * level_track: a level over time: of each series what it has in each step, added up.
 *
 * A step holds the mean of its snapshots. Steps between two snapshots hold the earlier one, as far
 * as LEVEL_TRACK_HOLD_NS: where steps are shorter than it takes from one snapshot to the next,
 * there are no holes.
 */
#ifndef QUERY_LEVEL_TRACK_H
#define QUERY_LEVEL_TRACK_H

#include "query/level.h"

#define LEVEL_TRACK_HOLD_NS ((int64_t)300 * 1000000000)

struct level_track { /* the series that is being read; column after column */
	size_t n_columns, n_steps;
	size_t steps_held;
	int64_t *sums;     /* owned */
	uint32_t *n;       /* owned; snapshots */
	size_t first, end; /* steps that have some */
};

/* False without memory (budget_error). level_track_fini also then; a zeroed one needs none. */
bool level_track_init(struct level_track *track, size_t n_columns, size_t n_steps, int64_t step_ns,
	struct budget *budget);
void level_track_fini(struct level_track *track);

/* Snapshots in a step of the series, and then what they have in it, column by column. */
void level_track_count(struct level_track *track, size_t step, uint32_t n);
void level_track_add(struct level_track *track, size_t column, size_t step, int64_t value);

/* The series is over: adds what it has, in LEVEL_PARTS, to n_steps numbers of each column. */
void level_track_give(struct level_track *track, int64_t *const *columns);

#endif
