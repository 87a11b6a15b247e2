/* test_confidence: published values of Wilson's interval, and its behaviour at the edges. */
#include "testing.h"

#include <math.h>

#include "model/confidence.h"

static void assert_near(double seen, double wanted, double within)
{
	if (fabs(seen - wanted) > within)
		fail_msg("%.9f is not %.9f", seen, wanted);
}

/* R: prop.test(81, 263, correct = FALSE) and prop.test(7, 14, correct = FALSE). */
static void agrees_with_published_intervals(void **state)
{
	struct confidence c = confidence_wilson(81, 263);

	assert_near(c.low, 0.2552729, 1e-4);
	assert_near(c.high, 0.3661969, 1e-4);
	c = confidence_wilson(7, 14);
	assert_near(c.low, 0.268, 5e-4);
	assert_near(c.high, 0.732, 5e-4);
}

static void is_never_certain_of_an_unseen_thing(void **state)
{
	struct confidence c = confidence_wilson(0, 10);

	assert_near(c.low, 0, 0);
	assert_near(c.high, 0.27754, 1e-4);
	c = confidence_wilson(10, 10);
	assert_near(c.low, 1 - 0.27754, 1e-4);
	assert_near(c.high, 1, 0);
}

static void knows_nothing_without_samples(void **state)
{
	struct confidence c = confidence_wilson(0, 0);

	assert_near(c.low, 0, 0);
	assert_near(c.high, 1, 0);
	c = confidence_wilson(5, 2);
	assert_near(c.high, 1, 0);
}

static void narrows_with_the_root_of_the_samples(void **state)
{
	assert_near(confidence_margin(5000, 10000) / confidence_margin(500000, 1000000), 10, 0.01);
}

static void p_of_z_is_the_two_sided_tail(void **state)
{
	assert_near(confidence_p_of_z(CONFIDENCE_Z95), 0.05, 1e-12);
	assert_near(confidence_p_of_z(-CONFIDENCE_Z95), 0.05, 1e-12);
	assert_near(confidence_p_of_z(0), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_published_intervals),
		cmocka_unit_test(is_never_certain_of_an_unseen_thing),
		cmocka_unit_test(knows_nothing_without_samples),
		cmocka_unit_test(narrows_with_the_root_of_the_samples),
		cmocka_unit_test(p_of_z_is_the_two_sided_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
