/* test_vec: what was added stays, and an impossible size is refused. */
#include "testing.h"

#include <stdlib.h>

#include "base/vec.h"

static void keeps_what_was_added(void **state)
{
	uint64_t *numbers = NULL;
	size_t count = 0, cap = 0;

	for (uint64_t i = 0; i < 1000; i++)
		*VEC_ADD(numbers, count, cap) = i * i;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i * i);
	free(numbers);
}

static void refuses_more_than_memory_can_hold(void **state)
{
	uint64_t *numbers = NULL;
	size_t cap = 0;

	assert_false(VEC_FITS(numbers, cap, SIZE_MAX / 2));
	assert_null(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_added),
		cmocka_unit_test(refuses_more_than_memory_can_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
