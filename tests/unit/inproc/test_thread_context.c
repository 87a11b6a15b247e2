/* test_thread_context: a record for each thread that asks, gone when it ends. */
#include <pthread.h>

#include "inproc/thread_context.h"
#include "testing.h"

static void *use_own(void *ret)
{
	*(struct sig_context **)ret = thread_context();
	return otel_thread_ctx_v1 == *(struct sig_context **)ret ? NULL : ret;
}

static void each_thread_has_its_own(void **state)
{
	struct sig_context *mine, *others;
	pthread_t thread;
	void *result;

	assert_null(otel_thread_ctx_v1);
	mine = thread_context();
	assert_non_null(mine);
	assert_ptr_equal(thread_context(), mine);
	assert_int_equal(mine->valid, 1);
	assert_int_equal(pthread_create(&thread, NULL, use_own, &others), 0);
	pthread_join(thread, &result); /* a leak of it would be seen by the address sanitizer */
	assert_null(result);
	assert_ptr_not_equal(mine, others);
	thread_context_free();
	assert_null(otel_thread_ctx_v1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_thread_has_its_own) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
