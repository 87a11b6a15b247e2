/* test_pyroscope_grid: where a time belongs. */
#include "testing.h"

#include "server/pyroscope_grid.h"

static struct pyroscope_request asking(void)
{
	return (struct pyroscope_request){ .start_ms = 100000, .end_ms = 125000, .step_s = 10 };
}

static void a_point_has_what_comes_before_it(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_grid grid;

	assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), 0);
	assert_int_equal(grid.n, 3);
	assert_int_equal(grid.from_ns, INT64_C(90001000000));
	assert_int_equal(pyroscope_grid_point(&grid, INT64_C(90001000000)), 0);
	assert_int_equal(pyroscope_grid_point(&grid, INT64_C(100000999999)), 0);
	assert_int_equal(pyroscope_grid_point(&grid, INT64_C(100001000000)), 1);
	assert_int_equal(pyroscope_grid_point(&grid, INT64_C(120000000000)), 2);
	assert_int_equal(pyroscope_grid_point(&grid, INT64_C(120001000000)), 3);
	assert_int_equal(pyroscope_grid_time(&grid, 2), 120000);
}

static void steps_may_have_fractions(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_grid grid;

	request.step_s = 0.029; /* which no binary fraction is */
	request.end_ms = 101000;
	assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), 0);
	assert_int_equal(grid.step_ms, 29);
	request.end_ms = request.start_ms;
	assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), 0);
	assert_int_equal(grid.n, 1);
}

static void grids_have_bounds(void **state)
{
	static const double wrong[] = { 0, -1, 0.0001, 1e12, 0.002 };
	struct pyroscope_request request = asking();
	struct pyroscope_grid grid;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		request.step_s = wrong[i];
		assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), ERR_USAGE);
	}
	request = (struct pyroscope_request){ .start_ms = INT64_MIN / 1000000 - 1, .step_s = 1 };
	request.end_ms = request.start_ms;
	assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), ERR_USAGE);
	request.start_ms = INT64_MIN;
	request.end_ms = INT64_MAX;
	assert_int_equal(pyroscope_grid_read(&request, &grid, NULL), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_point_has_what_comes_before_it),
		cmocka_unit_test(steps_may_have_fractions),
		cmocka_unit_test(grids_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
