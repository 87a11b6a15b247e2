/* test_pyroscope_timeline: steps are round, samples have their places. */
#include "testing.h"

#include "server/pyroscope_timeline.h"

static void steps_are_round(void **state)
{
	static const struct {
		int64_t range_s, step_s;
	} all[] = { { 0, 15 }, { 3600, 15 }, { 6 * 3600, 15 }, { 8 * 3600, 20 }, { 86400, 60 },
		{ 7 * 86400, 300 }, { 30 * 86400, 1800 }, { 365 * 86400, 21600 },
		{ INT64_C(100000) * 86400, 31536000 } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_int_equal(
			pyroscope_timeline_step(1000, 1000 + all[i].range_s * 1000), all[i].step_s);
}

static void assert_json(const struct pyroscope_timeline *timeline, const char *expected)
{
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	pyroscope_timeline_json(timeline, &json);
	assert_view_equal(buf_view(&out), expected);
}

static void every_step_has_a_sample(void **state)
{
	int64_t a[] = { 1, 0, 3, 9 }, b[] = { 0, -8, 30, 9 };
	uint32_t profiles[] = { 1, 1, 1, 1 }, order[] = { 1, 0 };
	struct pyroscope_line lines[] = { { a, profiles, 0 }, { b, profiles, 0 } };
	struct pyroscope_points points = { .lines = lines,
		.order = order,
		.n_lines = 2,
		.grid = { .start_ms = 1007000, .step_ms = 15000, .n = 4 } };
	struct pyroscope_timeline all = { &points, 1060000, 0, 2 },
				  first = { &points, 1060000, 0, 1 };
	struct pyroscope_timeline none = { &points, 1008000, 0, 2 };

	assert_json(&all, "{\"startTime\":1005,\"samples\":[1,0,33],\"durationDelta\":15,"
			  "\"watermarks\":null}");
	assert_json(&first, "{\"startTime\":1005,\"samples\":[0,0,30],\"durationDelta\":15,"
			    "\"watermarks\":null}");
	assert_json(&none, "{\"startTime\":1005,\"samples\":[],\"durationDelta\":15,"
			   "\"watermarks\":null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_round),
		cmocka_unit_test(every_step_has_a_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
