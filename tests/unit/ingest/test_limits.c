/* test_limits: every limit has a name, a standard and bounds. */
#include "testing.h"

#include <stdio.h>

#include "ingest/limits.h"

static void standards_lie_within_their_bounds(void **state)
{
	for (const struct limit *l = limits_all; l->name; l++) {
		assert_in_range(l->standard, l->min, l->max);
		assert_true(l->help[0]);
	}
}

static void every_member_has_a_name(void **state)
{
	size_t n = 0;

	while (limits_all[n].name)
		n++;
	assert_int_equal(n, sizeof(struct limits) / sizeof(uint64_t));
}

static void a_limit_is_set_by_its_name(void **state)
{
	struct limits limits;
	struct err err;

	limits_defaults(&limits);
	assert_int_equal(limits_set(&limits, "samples=77", &err), 0);
	assert_int_equal(limits.samples, 77);
	assert_int_equal(limits_set(&limits, "samples=0", &err), ERR_USAGE);
	assert_int_equal(limits_set(&limits, "samples=many", &err), ERR_USAGE);
	assert_int_equal(limits_set(&limits, "samples", &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "samples takes a number from 1 to"));
	assert_int_equal(limits_set(&limits, "sample=1", &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "there is no limit 'sample'; there are body_bytes,"));
	assert_int_equal(limits.samples, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standards_lie_within_their_bounds),
		cmocka_unit_test(every_member_has_a_name),
		cmocka_unit_test(a_limit_is_set_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
