/* test_workers: all that was given is done, and no more is taken than may wait. */
#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>

#include "net/workers.h"

struct counted {
	pthread_mutex_t gate; /* held by the test while work shall not go on */
	atomic_uint done;
};

static void work(void *owner, void *thing)
{
	struct counted *counted = owner;

	pthread_mutex_lock(&counted->gate);
	atomic_fetch_add(&counted->done, *(unsigned *)thing);
	pthread_mutex_unlock(&counted->gate);
}

static void everything_given_is_done_before_the_end(void **state)
{
	struct counted counted = { .gate = PTHREAD_MUTEX_INITIALIZER };
	struct workers *workers = workers_new(&(struct workers_options){
		.threads = 3, .waiting_max = 100, .work = work, .owner = &counted });
	unsigned one = 1;

	assert_non_null(workers);
	for (int i = 0; i < 100; i++)
		assert_true(workers_give(workers, &one));
	workers_free(workers);
	assert_int_equal(counted.done, 100);
}

static void what_waits_is_bounded(void **state)
{
	struct counted counted = { .gate = PTHREAD_MUTEX_INITIALIZER };
	struct workers *workers = workers_new(&(struct workers_options){
		.threads = 1, .waiting_max = 2, .work = work, .owner = &counted });
	unsigned one = 1, given = 0;

	assert_non_null(workers);
	pthread_mutex_lock(&counted.gate);
	while (given < 10 && workers_give(workers, &one))
		given++;
	assert_in_range(given, 2, 3); /* one of them may be in hand */
	pthread_mutex_unlock(&counted.gate);
	workers_free(workers);
	assert_int_equal(counted.done, given);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_given_is_done_before_the_end),
		cmocka_unit_test(what_waits_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
