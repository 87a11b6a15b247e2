/*
 * timeline: totals of a selection over time, one line for each value of a label, or of several.
 * Of a level (level.h) each point, and the whole line, has the mean.
 */
#ifndef QUERY_TIMELINE_H
#define QUERY_TIMELINE_H

#include "base/arena.h"
#include "query/groups.h"
#include "store/store.h"

#define TIMELINE_POINTS_MAX 11000u /* as Prometheus has it */
#define TIMELINE_LINES_MAX 1000u

struct timeline_options {
	const struct store_select *select; /* with a whole type */
	int64_t step_ns;
	const struct view *group; /* labels; none = one line for all */
	size_t n_group;
	size_t lines_max; /* 0 = TIMELINE_LINES_MAX */
};

struct timeline_line {
	uint32_t group;    /* number in timeline->groups, which has the values of its labels */
	struct view value; /* of the first label; "" where a series has none */
	int64_t *points;   /* n_points; point i holds [from + i × step, from + (i + 1) × step) */
	int64_t total;
	uint64_t profiles, series;
};

struct timeline {
	struct arena arena; /* of the points */
	struct groups groups;
	struct timeline_line *lines; /* the largest total first; owned */
	size_t n_lines, cap_lines, n_points;
};

/* ERR_USAGE past TIMELINE_POINTS_MAX, ERR_LIMIT past lines_max. timeline_fini also after
 * an error. */
int timeline_make(struct store *store, const struct timeline_options *options, struct timeline *ret,
	struct err *err);
void timeline_fini(struct timeline *timeline);

/* A step that gives at most `points` points in the range: 1, 2, 5, 10, 15 or 30 seconds, minutes,
 * or hours, … whole. */
int64_t timeline_step(int64_t range_ns, unsigned points);

#endif
