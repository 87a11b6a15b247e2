/* test_profile_retype: other names and scales, in place. */
#include "testing.h"

#include "model/profile.h"

static struct profile *one_sample(int64_t value)
{
	struct profile *profile = profile_new();
	int64_t values[2] = { value, 7 };

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("other"), VIEW("count"), NULL);
	profile_add(
		profile, profile_push(profile, 0, profile_named(profile, VIEW("main"))), 0, values);
	return profile;
}

static void counts_become_time_and_other_types_stay(void **state)
{
	PROFILE_AUTO profile = one_sample(3);

	profile_retype(profile, 0, VIEW("cpu"), VIEW("nanoseconds"), 1e7);
	assert_view_equal(profile_text(profile, profile->types[0].type), "cpu");
	assert_view_equal(profile_text(profile, profile->types[0].unit), "nanoseconds");
	assert_int_equal(profile->values[0], 30000000);
	assert_int_equal(profile->values[1], 7);
}

static void large_values_saturate(void **state)
{
	PROFILE_AUTO most = one_sample(INT64_MAX);
	PROFILE_AUTO least = one_sample(INT64_MIN);

	profile_retype(most, 0, VIEW("cpu"), VIEW("nanoseconds"), 2);
	profile_retype(least, 0, VIEW("cpu"), VIEW("nanoseconds"), 2);
	assert_int_equal(most->values[0], INT64_MAX);
	assert_int_equal(least->values[0], INT64_MIN);
}

static void a_function_gets_another_name(void **state)
{
	PROFILE_AUTO profile = one_sample(1);

	profile_rename_function(profile, 0, VIEW("a.py main"));
	assert_view_equal(profile_text(profile, profile->functions[0].name), "a.py main");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_become_time_and_other_types_stay),
		cmocka_unit_test(large_values_saturate),
		cmocka_unit_test(a_function_gets_another_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
