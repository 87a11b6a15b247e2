/* pyroscope_timeline: totals over time as the older routes have them. */
#include "server/pyroscope_timeline.h"

#define STEPS 1500
#define STEP_MIN_MS 15000

/* Up to so long a step becomes this one. */
static const struct {
	int64_t up_to_ms, step_s;
} rounds[] = {
	{ 17500, 15 },
	{ 25000, 20 },
	{ 45000, 30 },
	{ 90000, 60 },
	{ 210000, 120 },
	{ 450000, 300 },
	{ 750000, 600 },
	{ 1050000, 900 },
	{ 1500000, 1200 },
	{ 2700000, 1800 },
	{ 5400000, 3600 },
	{ 9000000, 7200 },
	{ 16200000, 10800 },
	{ 32400000, 21600 },
	{ 86400000, 43200 },
	{ 604800000, 86400 },
	{ 1814400000, 604800 },
	{ 3628800000, 2592000 },
	{ INT64_MAX, 31536000 },
};

int64_t pyroscope_timeline_step(int64_t start_ms, int64_t end_ms)
{
	int64_t step_ms = (end_ms - start_ms) / STEPS;
	size_t i = 0;

	while (step_ms > rounds[i].up_to_ms)
		i++;
	return step_ms < STEP_MIN_MS ? STEP_MIN_MS / 1000 : rounds[i].step_s;
}

static double sample(const struct pyroscope_timeline *t, size_t point)
{
	double sum = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct pyroscope_line *line =
			&t->points->lines[t->points->order[t->first + i]];

		sum += pyroscope_points_value(t->points, line, point);
	}
	return sum;
}

void pyroscope_timeline_json(const struct pyroscope_timeline *t, struct json *json)
{
	int64_t step_ms = t->points->grid.step_ms;
	int64_t first = t->points->grid.start_ms / step_ms, last = t->end_ms / step_ms;

	json_object(json);
	json_key(json, "startTime"), json_i64(json, first * (step_ms / 1000));
	json_key(json, "samples"), json_array(json);
	for (int64_t i = 0; i < last - first && (size_t)i < t->points->grid.n; i++) {
		double value = sample(t, (size_t)i);

		json_u64(json, value <= 0 ? 0 : value < 1e19 ? (uint64_t)value : UINT64_MAX);
	}
	json_array_end(json);
	json_key(json, "durationDelta"), json_i64(json, step_ms / 1000);
	json_key(json, "watermarks"), json_null(json);
	json_object_end(json);
}
