/* test_hook_real: behind each hook lies the C library's function, not another hook. */
#include <dlfcn.h>

#include "inproc/hook_real.h"
#include "testing.h"

static void every_function_is_found(void **state)
{
	const struct hook_real *real = hook_real();

#define FOUND(result, name, parameters, version) \
	assert_non_null(real->name);             \
	if (strstr(#name, "try") == NULL)        \
		assert_ptr_not_equal(real->name, name);
	HOOK_REAL_FUNCTIONS(FOUND)
	assert_ptr_equal(real, hook_real_find());
}

static void conditions_are_those_of_the_new_kind(void **state)
{
	assert_ptr_equal(hook_real()->pthread_cond_wait,
		dlvsym(RTLD_NEXT, "pthread_cond_wait", "GLIBC_2.3.2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function_is_found),
		cmocka_unit_test(conditions_are_those_of_the_new_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
