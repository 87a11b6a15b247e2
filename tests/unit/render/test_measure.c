/* test_measure: values with units as pprof writes them (pprof_top compares whole tables). */
#include "testing.h"

#include "render/measure.h"

static void assert_measure(int64_t value, const char *unit, const char *wanted)
{
	BUF_AUTO out = { 0 };

	measure_add(&out, value, measure_for(value, view_of(unit)), view_of(unit));
	assert_view_equal(buf_view(&out), wanted);
}

static void the_largest_unit_that_leaves_at_least_one(void **state)
{
	assert_measure(1500000000, "nanoseconds", "1.50s");
	assert_measure(10, "milliseconds", "10ms");
	assert_measure(7200, "seconds", "2hrs");
	assert_measure(2048, "bytes", "2kB");
	assert_measure(-1536, "bytes", "-1.50kB");
	assert_measure(17, "count", "17");
	assert_measure(17, "parsecs", "17parsecs");
	assert_measure(0, "nanoseconds", "0");
}

static void a_table_takes_the_unit_of_its_smallest_value_unless_too_small(void **state)
{
	struct measure close = measure_for_table(20000000, 900000000, VIEW("nanoseconds"));
	struct measure far = measure_for_table(20000000, 90000000000, VIEW("nanoseconds"));

	assert_string_equal(close.unit, "ms");
	assert_string_equal(far.unit, "s");
}

static void assert_percent(double value, double whole, const char *wanted)
{
	BUF_AUTO out = { 0 };

	measure_add_percent(&out, value, whole);
	assert_view_equal(buf_view(&out), wanted);
}

static void percents_have_six_columns(void **state)
{
	assert_percent(1, 1, "  100%");
	assert_percent(255, 1000, "25.50%");
	assert_percent(9, 1000, "  0.9%");
	assert_percent(0, 0, "    0%");
	assert_percent(-5, 10, "50.00%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_unit_that_leaves_at_least_one),
		cmocka_unit_test(a_table_takes_the_unit_of_its_smallest_value_unless_too_small),
		cmocka_unit_test(percents_have_six_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
