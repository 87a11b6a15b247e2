/*
 * pyroscope_points: totals over time as querier.v1 has them.
 *
 * A line is a set of values of the labels that are grouped by; they come the largest first. Points
 * without profiles are left out, and so is what comes after the last one (pyroscope_grid.h).
 */
#ifndef SERVER_PYROSCOPE_POINTS_H
#define SERVER_PYROSCOPE_POINTS_H

#include "base/arena.h"
#include "server/connect.h"
#include "server/pyroscope_grid.h"
#include "server/pyroscope_grouping.h"

#define PYROSCOPE_POINTS_BYTES_MAX ((size_t)64 << 20) /* of all lines */

struct pyroscope_line {
	int64_t *sums;
	uint32_t *profiles; /* 0 = no point */
	double total;
};

struct pyroscope_points {
	struct arena arena;
	struct pyroscope_grouping grouping; /* whose numbers are those of the lines */
	struct pyroscope_grid grid;
	struct pyroscope_line *lines;
	uint32_t *order; /* the largest first; both owned */
	size_t n_lines, cap_lines;
	bool is_average;
};

struct pyroscope_points_options {
	struct store *store;
	struct view tenant;
	const struct connect_call *call; /* whose time is heeded; NULL = takes as long as it does */
};

/* pyroscope_points_fini also after an error. */
int pyroscope_points_make(const struct pyroscope_points_options *options,
	const struct pyroscope_request *request, struct pyroscope_points *ret, struct err *err);
void pyroscope_points_fini(struct pyroscope_points *points);

double pyroscope_points_value(
	const struct pyroscope_points *points, const struct pyroscope_line *line, size_t point);

/* The owner is the store. */
extern const struct connect_method pyroscope_points_select;

#endif
