/* test_hook_new: the operators of a program that has no C++ library. */
#include "inproc/hook_new.h"

#include <stdint.h>
#include <stdlib.h>

#include "inproc/hook_malloc.h"
#include "testing.h"

void *_Znwm(size_t size);
void *_ZnwmRKSt9nothrow_t(size_t size, const void *nothrow);
void *_ZnamSt11align_val_t(size_t size, size_t alignment);
void *_ZnamSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *nothrow);
void _ZdlPv(void *at);
void _ZdlPvm(void *at, size_t size);
void _ZdaPvmSt11align_val_t(void *at, size_t size, size_t alignment);

#ifdef HOOK_MALLOC_LEFT_OUT
int main(void)
{
	return 77;
}
#else

static void they_are_made_of_malloc_and_free(void **state)
{
	char *volatile block = _Znwm(100);

	assert_non_null(block);
	block[99] = 1;
	_ZdlPv(block);
	block = _Znwm(0);
	assert_non_null(block);
	_ZdlPvm(block, 0);
	_ZdlPv(NULL);
	assert_false(hook_new_counts());
}

static void aligned_ones_are_aligned(void **state)
{
	char *volatile block;

	for (size_t alignment = 32; alignment <= 8192; alignment *= 2) {
		block = _ZnamSt11align_val_t(alignment + 3, alignment);
		assert_int_equal((uintptr_t)block % alignment, 0);
		block[alignment + 2] = 1;
		_ZdaPvmSt11align_val_t(block, alignment + 3, alignment);
	}
}

static void those_that_may_not_throw_return_nothing(void **state)
{
	static volatile size_t huge = SIZE_MAX / 2, most = SIZE_MAX;

	assert_null(_ZnwmRKSt9nothrow_t(huge, NULL));
	assert_null(_ZnamSt11align_val_tRKSt9nothrow_t(huge, 64, NULL));
	assert_null(_ZnamSt11align_val_tRKSt9nothrow_t(most, 64, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_made_of_malloc_and_free),
		cmocka_unit_test(aligned_ones_are_aligned),
		cmocka_unit_test(those_that_may_not_throw_return_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
