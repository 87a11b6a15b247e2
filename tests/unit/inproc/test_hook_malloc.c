/* test_hook_malloc: every function does what the C library's does. */
#include "inproc/hook_malloc.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "testing.h"

static volatile size_t huge = SIZE_MAX / 2;

static void blocks_are_aligned_and_usable(void **state)
{
	void *block = NULL;

	assert_int_equal(posix_memalign(&block, 4096, 100), 0);
	assert_int_equal((uintptr_t)block % 4096, 0);
	memset(block, 1, 100);
	free(block);
	block = aligned_alloc(64, 128);
	assert_true(block && (uintptr_t)block % 64 == 0);
	free(block);
	block = memalign(256, 1);
	assert_true(block && (uintptr_t)block % 256 == 0);
	free(block);
	block = valloc(1);
	assert_true(block && (uintptr_t)block % 4096 == 0);
	free(block);
	free(NULL);
}

static void realloc_keeps_what_was_there(void **state)
{
	char *block = calloc(3, 5);

	for (int i = 0; i < 15; i++)
		assert_int_equal(block[i], 0);
	memcpy(block, "flyover", 8);
	block = reallocarray(block, 1000, 100);
	assert_string_equal(block, "flyover");
	free(block);
}

static void what_is_too_much_fails_as_ever(void **state)
{
	void *volatile block = malloc(10);
	void *other;

	errno = 0;
	assert_null(malloc(huge));
	assert_int_equal(errno, ENOMEM);
	assert_null(calloc(huge, 4));
	assert_null(reallocarray(block, huge, 4));
	assert_null(realloc(block, huge));
	free(block);
	assert_int_not_equal(posix_memalign(&other, 3, 100), 0);
}

static void it_knows_whether_it_is_called(void **state)
{
#ifdef HOOK_MALLOC_LEFT_OUT
	assert_false(hook_malloc_works());
#else
	assert_false(hook_malloc_sanitized());
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_aligned_and_usable),
		cmocka_unit_test(realloc_keeps_what_was_there),
		cmocka_unit_test(what_is_too_much_fails_as_ever),
		cmocka_unit_test(it_knows_whether_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
