/* test_intern: an id is found by content, also where hashes collide. */
#include "testing.h"

#include "model/intern.h"

static bool same_number(const void *owner, uint32_t id, const void *wanted)
{
	return ((const int *)owner)[id] == *(const int *)wanted;
}

static void finds_the_equal_one_among_equal_hashes(void **state)
{
	struct intern set = { 0 };
	int numbers[200];

	for (uint32_t i = 0; i < 200; i++) {
		numbers[i] = (int)i * 3;
		assert_int_equal(
			intern_find(&set, i % 2, same_number, numbers, &numbers[i]), INTERN_NONE);
		assert_true(intern_add(&set, i % 2, i));
	}
	for (uint32_t i = 0; i < 200; i++)
		assert_int_equal(
			intern_find(&set, i % 2, same_number, numbers, &(int){ (int)i * 3 }), i);
	assert_int_equal(intern_find(&set, 0, same_number, numbers, &(int){ 1 }), INTERN_NONE);
	intern_fini(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_equal_one_among_equal_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
