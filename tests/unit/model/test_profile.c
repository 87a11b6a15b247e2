/* test_profile: names, types and totals. */
#include "testing.h"

#include "model/profile.h"

static void a_type_is_found_by_name_and_the_last_is_the_default(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	assert_int_equal(profile_find_type(p, VIEW("samples")), 0);
	assert_int_equal(profile_find_type(p, VIEW("")), 1);
	assert_int_equal(profile_find_type(p, VIEW("heap")), -1);
	p->default_type = profile_string(p, VIEW("samples"));
	assert_int_equal(profile_find_type(p, VIEW("")), 0);
}

static void a_total_counts_sizes_and_saturates(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ -7 });
	profile_add(p, stack, 0, (int64_t[]){ 5 });
	assert_int_equal(profile_total(p, 0), 12);
	profile_add(p, stack, 0, (int64_t[]){ INT64_MAX });
	assert_true(profile_total(p, 0) == INT64_MAX);
}

static void room_taken_ahead_changes_nothing(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t before = profile_named(p, VIEW("main"));

	profile_reserve_names(p, 1000, 1000, 1000);
	assert_int_equal(profile_named(p, VIEW("main")), before);
	assert_int_equal(profile_named(p, VIEW("work")), before + 1);
	assert_int_equal(p->n_locations, 2);
	assert_int_equal(profile_string(p, VIEW("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_total_counts_sizes_and_saturates),
		cmocka_unit_test(room_taken_ahead_changes_nothing),
		cmocka_unit_test(a_type_is_found_by_name_and_the_last_is_the_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
