/*
 * pyroscope_timeline: totals over time as the older routes have them.
 *
 * Steps are whole seconds; the first begins where a step of the clock does. Every step has a
 * sample, 0 if nothing is in it.
 */
#ifndef SERVER_PYROSCOPE_TIMELINE_H
#define SERVER_PYROSCOPE_TIMELINE_H

#include "server/pyroscope_points.h"
#include "wire/json.h"

/* The step for a range, in seconds: at least 15, and about 1500 in the range. */
int64_t pyroscope_timeline_step(int64_t start_ms, int64_t end_ms);

/* The object "timeline" of some lines' sum; `points` has that step. */
struct pyroscope_timeline {
	const struct pyroscope_points *points;
	int64_t end_ms;
	size_t first, n; /* of points->order */
};
void pyroscope_timeline_json(const struct pyroscope_timeline *timeline, struct json *json);

#endif
