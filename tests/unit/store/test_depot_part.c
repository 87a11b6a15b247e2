/* test_depot_part: a step cuts where it says. */
#include "testing.h"

#include "store/depot_part.h"

static void steps_are_counted_from_the_window(void **state)
{
	struct store_select select = { .from_ns = 7 };
	struct store_scan scan = { .select = &select, .step_ns = 10 };

	assert_true(depot_part_together(&scan, 7, 16));
	assert_false(depot_part_together(&scan, 16, 17));
	scan.step_ns = 0;
	assert_true(depot_part_together(&scan, 7, 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(steps_are_counted_from_the_window) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
