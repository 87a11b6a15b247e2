/*
 * pyroscope_grid: the points in time of an answer: start + k × step, each for what comes after the
 * point before, up to and with its own millisecond.
 */
#ifndef SERVER_PYROSCOPE_GRID_H
#define SERVER_PYROSCOPE_GRID_H

#include "base/err.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

#define PYROSCOPE_GRID_MAX 11000u

struct pyroscope_grid {
	int64_t start_ms, step_ms;
	int64_t from_ns, step_ns; /* where the first step begins, and its length */
	size_t n;                 /* points from start to end, both included if they are some */
};

/* ERR_USAGE without a step, or past PYROSCOPE_GRID_MAX. */
int pyroscope_grid_read(
	const struct pyroscope_request *request, struct pyroscope_grid *ret, struct err *err);

/* The point of a time; may be n or more. What began before the first is in it. */
static inline size_t pyroscope_grid_point(const struct pyroscope_grid *grid, int64_t time_ns)
{
	return time_ns <= grid->from_ns ? 0 : (size_t)((time_ns - grid->from_ns) / grid->step_ns);
}

static inline int64_t pyroscope_grid_time(const struct pyroscope_grid *grid, size_t point)
{
	return grid->start_ms + (int64_t)point * grid->step_ms;
}

#endif
