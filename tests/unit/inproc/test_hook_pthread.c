/* test_hook_pthread: threads start as they did before, profiled or not. */
#include <signal.h>

#include "inproc/cpu_threads.h"
#include "inproc/hook_pthread.h"
#include "testing.h"

static void *give_back(void *context)
{
	return context;
}

static void *look_at_mask(void *ret)
{
	pthread_sigmask(SIG_SETMASK, NULL, ret);
	return NULL;
}

static void arguments_and_results_pass_through(void)
{
	int here;
	void *result = NULL;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, give_back, &here), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, &here);
}

static void threads_pass_through_without_a_capture(void **state)
{
	arguments_and_results_pass_through();
}

static void threads_pass_through_during_a_capture(void **state)
{
	struct cpu_threads_stats stats;
	sigset_t all, before, seen;
	pthread_t thread;

	assert_int_equal(cpu_threads_claim(SIGPROF, NULL), 0);
	assert_non_null(cpu_threads_table());
	assert_int_equal(cpu_threads_start(1000000000, NULL), 0);
	arguments_and_results_pass_through();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	assert_int_equal(pthread_create(&thread, NULL, look_at_mask, &seen), 0);
	pthread_join(thread, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	assert_false(sigismember(&seen, SIGPROF)); /* else it would never be sampled */
	assert_true(sigismember(&seen, SIGTERM));
	cpu_threads_stop();
	cpu_threads_look(&stats);
	assert_int_equal(stats.armed, 3);
}

static void a_failure_is_the_callers(void **state)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)1 << 62);
	assert_int_not_equal(pthread_create(&thread, &attributes, give_back, NULL), 0);
	pthread_attr_destroy(&attributes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_pass_through_without_a_capture),
		cmocka_unit_test(threads_pass_through_during_a_capture),
		cmocka_unit_test(a_failure_is_the_callers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
