/* test_lock_waiters: whoever unlocks is charged with what others waited. */
#include <pthread.h>

#include "inproc/lock_waiters.h"
#include "testing.h"

static int locks[64];

static int set_up(void **state)
{
	lock_waiters_after_fork();
	return 0;
}

static void all_waiters_are_charged_until_the_unlock(void **state)
{
	struct lock_waiters_entry *e;

	assert_null(lock_waiters_find(&locks[0]));
	e = lock_waiters_add(&locks[0], 1000);
	assert_non_null(e);
	assert_ptr_equal(lock_waiters_add(&locks[0], 1500), e);
	assert_ptr_equal(lock_waiters_find(&locks[0]), e);
	assert_int_equal(lock_waiters_charge(e, 2000), 1000 + 500);
	assert_int_equal(lock_waiters_charge(e, 2100), 2 * 100);
	lock_waiters_got(e, 1000); /* at about 2100 */
	assert_int_equal(lock_waiters_charge(e, 2200), 100);
	lock_waiters_got(e, 1500);
	assert_null(lock_waiters_find(&locks[0]));
}

static void one_that_gave_up_is_charged_later(void **state)
{
	struct lock_waiters_entry *e = lock_waiters_add(&locks[1], 1000);

	lock_waiters_gave_up(e, 1300);
	assert_ptr_equal(lock_waiters_find(&locks[1]), e);
	assert_int_equal(lock_waiters_charge(e, 9000), 300);
	assert_null(lock_waiters_find(&locks[1]));
}

static void a_waiter_that_began_after_the_clock_was_read_costs_nothing(void **state)
{
	struct lock_waiters_entry *e = lock_waiters_add(&locks[2], 1000);

	assert_int_equal(lock_waiters_charge(e, 990), 0);
	lock_waiters_got(e, 1000);
	assert_null(lock_waiters_find(&locks[2]));
}

static void locks_share_nothing_and_a_full_table_refuses(void **state)
{
	static char many[4 << LOCK_WAITERS_BITS];
	size_t refused = 0;

	for (size_t i = 0; i < sizeof(many); i++) {
		struct lock_waiters_entry *e = lock_waiters_add(&many[i], i);

		refused += !e;
		if (e)
			assert_int_equal(e->lock, (uintptr_t)&many[i]);
	}
	assert_true(refused >= 3u << LOCK_WAITERS_BITS);
	for (size_t i = 0; i < sizeof(many); i++) {
		struct lock_waiters_entry *e = lock_waiters_find(&many[i]);

		if (e)
			lock_waiters_got(e, i);
	}
	assert_non_null(lock_waiters_add(&locks[3], 5)); /* what nobody waits for makes room */
}

static void *wait_often(void *lock)
{
	for (uint64_t i = 1; i <= 100000; i++) {
		struct lock_waiters_entry *e = lock_waiters_add(lock, i);

		assert_non_null(e);
		if (i % 16 == 0)
			lock_waiters_charge(e, i);
		lock_waiters_got(e, i);
	}
	return NULL;
}

static void threads_at_once_leave_nothing_behind(void **state)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wait_often, &locks[i % 3]), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 3; i++)
		assert_null(lock_waiters_find(&locks[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_waiters_are_charged_until_the_unlock, set_up),
		cmocka_unit_test_setup(one_that_gave_up_is_charged_later, set_up),
		cmocka_unit_test_setup(
			a_waiter_that_began_after_the_clock_was_read_costs_nothing, set_up),
		cmocka_unit_test_setup(locks_share_nothing_and_a_full_table_refuses, set_up),
		cmocka_unit_test_setup(threads_at_once_leave_nothing_behind, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
