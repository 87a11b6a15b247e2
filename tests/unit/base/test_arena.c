/* test_arena: zeroed, aligned, and no further than its limit. */
#include "testing.h"

#include "base/arena.h"

static void hands_out_zeroed_aligned_memory_of_any_size(void **state)
{
	ARENA_AUTO arena = { 0 };

	for (size_t size = 1; size < 300000; size = size * 3 + 1) {
		char *at = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)at % 8, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xff, size);
	}
}

static void past_its_limit_it_fails_for_good(void **state)
{
	ARENA_AUTO arena = { .max = 100 };

	assert_non_null(arena_alloc(&arena, 60));
	assert_null(arena_alloc(&arena, 60));
	assert_null(arena_alloc(&arena, 1));
	assert_true(arena.failed);
	assert_null(arena_alloc(&arena, SIZE_MAX));
}

static void copies_end_in_nul(void **state)
{
	ARENA_AUTO arena = { 0 };

	assert_string_equal(arena_copy(&arena, (struct view){ "abcdef", 3 }), "abc");
	assert_string_equal(arena_copy(&arena, (struct view){ NULL, 0 }), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_out_zeroed_aligned_memory_of_any_size),
		cmocka_unit_test(past_its_limit_it_fails_for_good),
		cmocka_unit_test(copies_end_in_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
