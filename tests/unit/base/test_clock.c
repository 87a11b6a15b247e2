/* test_clock: nanoseconds that agree with the system's own clocks. */
#include "testing.h"

#include <time.h>

#include "base/clock.h"

static void time_does_not_go_back(void **state)
{
	uint64_t before = clock_monotonic_ns();

	for (int i = 0; i < 1000; i++) {
		uint64_t now = clock_monotonic_ns();

		assert_true(now >= before);
		before = now;
	}
}

static void the_wall_clock_counts_from_1970(void **state)
{
	uint64_t seconds = clock_realtime_ns() / 1000000000u;

	assert_in_range(seconds, (uint64_t)time(NULL) - 2, (uint64_t)time(NULL) + 2);
}

static void own_work_costs_cpu_time(void **state)
{
	uint64_t before = clock_process_cpu_ns();

	for (volatile int i = 0; i < 10000000; i++)
		;
	assert_true(clock_process_cpu_ns() > before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_does_not_go_back),
		cmocka_unit_test(the_wall_clock_counts_from_1970),
		cmocka_unit_test(own_work_costs_cpu_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
