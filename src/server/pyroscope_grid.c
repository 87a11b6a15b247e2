/* pyroscope_grid: the points in time of an answer. */
#include "server/pyroscope_grid.h"

#define MS INT64_C(1000000)
#define STEP_S_MAX 1e9

int pyroscope_grid_read(
	const struct pyroscope_request *request, struct pyroscope_grid *ret, struct err *err)
{
	uint64_t range_ms = (uint64_t)request->end_ms - (uint64_t)request->start_ms, steps;
	int64_t first_ms;

	*ret = (struct pyroscope_grid){ .start_ms = request->start_ms };
	if (!(request->step_s >= 0.001 && request->step_s <= STEP_S_MAX))
		return err_set(err, ERR_USAGE, "step is at least a millisecond (0.001)");
	ret->step_ms = (int64_t)(request->step_s * 1000 + 1e-6);
	ret->step_ns = ret->step_ms * MS;
	steps = range_ms / (uint64_t)ret->step_ms;
	if (steps >= PYROSCOPE_GRID_MAX)
		return err_set(err, ERR_USAGE,
			"that would be %llu points; the limit is %u: ask for a longer step",
			(unsigned long long)steps + 1, PYROSCOPE_GRID_MAX);
	ret->n = (size_t)steps + 1;
	if (__builtin_sub_overflow(request->start_ms, ret->step_ms - 1, &first_ms) ||
		__builtin_mul_overflow(first_ms, MS, &ret->from_ns))
		return err_set(err, ERR_USAGE, "start is too long ago for this step");
	return 0;
}
