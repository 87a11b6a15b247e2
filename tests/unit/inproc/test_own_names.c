/* test_own_names: addresses of this test get their names, others say where they are. */
#include <stdlib.h>

#include "inproc/own_file.h"
#include "inproc/own_profile.h"
#include "inproc/own_space.h"
#include "profiled.h"

__attribute__((noinline)) static int function_with_a_name(int x)
{
	return x * 3;
}

static void functions_are_named_and_strangers_located(void **state)
{
	uint64_t stack[] = { (uint64_t)(uintptr_t)function_with_a_name + 1,
		(uint64_t)(uintptr_t)malloc + 1, 0x10 };
	struct own_space *space;
	struct own_profile own;
	const struct profile *p;
	int64_t one = 1;

	assert_int_equal(own_space_new(&space, NULL), 0);
	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(own_profile_init(&own, space, NULL), 0);
	profile_add_type(own.profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add(own.profile, own_profile_stack(&own, 1, stack, 3, -1), 0, &one);
	assert_int_equal(own_profile_name(&own, NULL), 0);
	p = own.profile;
	assert_int_equal(profiled_total(p, "function_with_a_name"), 1);
	assert_int_equal(profiled_total(p, "malloc"), 1);
	assert_int_equal(profiled_total(p, "[unknown]"), 1);
	assert_true(p->mappings[1].has_functions);
	own_profile_fini(&own);
	own_space_free(space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_named_and_strangers_located),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
