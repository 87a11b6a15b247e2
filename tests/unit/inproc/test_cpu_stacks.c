/* test_cpu_stacks: rows that ask for their stack get it. */
#include "inproc/cpu_stacks.h"

#include "inproc/sig_cpu.h"
#include "testing.h"

static void who_asks_is_answered(void **state)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);
	struct sig_cpu_thread rows[3] = {
		{ .arming = 1 },
		{ .arming = 2,
			.needs_stack = 1,
			.sp = here,
			.self = (uint64_t)__builtin_thread_pointer() },
		{ .arming = 0, .needs_stack = 1, .sp = here },
	};

	cpu_stacks_find(rows, 3);
	assert_int_equal(rows[0].high, 0);
	assert_int_equal(rows[2].high, 0);
	assert_int_equal(rows[1].needs_stack, 0);
	assert_true(rows[1].low < here && here < rows[1].high);
}

static void who_is_on_no_stack_asks_in_vain_and_not_for_ever(void **state)
{
	struct sig_cpu_thread row = { .arming = 1 };

	for (int i = 0; i < 100; i++) {
		row.needs_stack = 1;
		row.sp = 16;
		cpu_stacks_find(&row, 1);
		assert_int_equal(row.high, 0);
	}
	assert_true(row.tries < 100 || row.needs_stack == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_is_answered),
		cmocka_unit_test(who_is_on_no_stack_asks_in_vain_and_not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
