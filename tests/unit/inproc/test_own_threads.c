/* test_own_threads: which threads are the library's own, and what they used. */
#include <pthread.h>
#include <unistd.h>

#include "inproc/own_threads.h"
#include "profiled.h"

static void *live(void *unused)
{
	own_threads_begin();
	assert_true(own_threads_have(gettid()));
	PROFILED_BURN(0.02);
	own_threads_end();
	assert_false(own_threads_have(gettid()));
	return unused;
}

static void their_time_stays_known_when_they_end(void **state)
{
	pthread_t thread;

	assert_false(own_threads_have(getpid()));
	for (int i = 0; i < 2 * OWN_THREADS_MAX; i++) {
		assert_int_equal(pthread_create(&thread, NULL, live, NULL), 0);
		pthread_join(thread, NULL);
	}
	assert_true(own_threads_cpu_ns() >= 2 * OWN_THREADS_MAX * UINT64_C(20000000));
	own_threads_after_fork();
	assert_int_equal(own_threads_cpu_ns(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(their_time_stays_known_when_they_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
