/* test_lock_record: which waits are recorded, and what they stand for. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inproc/lock_record.h"
#include "testing.h"

#define WORDS 65536
#define EACH 20000

static _Atomic uint64_t words[WORDS];
static struct sig_ring ring = { .words = words, .n_words = WORDS };
static const struct sig_tables tables;
static double counts, delays;
static size_t n_records;
static unsigned last_kind;

static void keep(void *owner, const void *record, size_t n)
{
	const struct sig_sample *sample = record;

	counts += (double)sample->values[0];
	delays += (double)sample->values[1];
	last_kind = sample->kind;
	n_records++;
}

static int set_up(void **state)
{
	sig_tables_set(&tables);
	counts = delays = 0;
	n_records = 0;
	return 0;
}

static int tear_down(void **state)
{
	lock_record_stop();
	sig_ring_drain(&ring, keep, NULL);
	sig_tables_set(NULL);
	return 0;
}

static void unlock_often(uint64_t waited_ns, size_t times)
{
	const struct sig_sample_place place = { 4711, 4712 };

	for (size_t i = 0; i < times; i++) {
		lock_record_unlocked(waited_ns, &place);
		sig_ring_drain(&ring, keep, NULL);
	}
}

/* Five standard deviations of what n draws with probability p give. */
static double error_of(double n, double p)
{
	return 5 * sqrt((1 - p) / (n * p));
}

static void short_waits_are_estimated_without_bias(void **state)
{
	static const uint64_t waits_ns[] = { 90, 700, 3000, 9999 };

	lock_record_start(&ring, 10000);
	for (size_t i = 0; i < 4; i++) {
		double p = (double)waits_ns[i] / 10000, n = i ? EACH : 10.0 * EACH;

		counts = delays = 0;
		unlock_often(waits_ns[i], (size_t)n);
		assert_true(fabs(counts / n - 1) < error_of(n, p) + 1e-3);
		assert_true(fabs(delays / (n * (double)waits_ns[i]) - 1) < error_of(n, p) + 1e-3);
	}
}

static void long_waits_are_recorded_as_they_are(void **state)
{
	lock_record_start(&ring, 10000);
	unlock_often(10000, 3);
	unlock_often(123456789, 2);
	assert_int_equal(n_records, 5);
	assert_true(counts == 5 && delays == 3 * 10000.0 + 2 * 123456789.0);
	assert_int_equal(last_kind, LOCK_RECORD_MUTEX);
}

static void wait_once(const void *lock, int error)
{
	const struct sig_sample_place place = { 4711, 4712 };
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct lock_record_wait wait;

	lock_record_begin(&wait, lock);
	nanosleep(&pause, NULL);
	lock_record_end(&wait, error, &place);
	sig_ring_drain(&ring, keep, NULL);
}

static void a_wait_is_charged_to_who_waits_and_who_holds(void **state)
{
	struct lock_record_wait wait;
	int lock, before = errno = 77;

	lock_record_start(&ring, 1);
	lock_record_begin(&wait, &lock);
	wait_once(NULL, 0);
	assert_int_equal(n_records, 1);
	assert_int_equal(last_kind, LOCK_RECORD_BLOCK);
	assert_true(delays >= 1e6);
	assert_true(lock_record_held(&lock) >= 1000000);
	lock_record_end(&wait, 0, &(struct sig_sample_place){ 4711, 4712 });
	assert_int_equal(lock_record_held(&lock), 0);
	assert_int_equal(errno, before);
}

static void what_refused_was_no_wait_and_what_timed_out_was(void **state)
{
	int lock;

	lock_record_start(&ring, 1);
	wait_once(&lock, EDEADLK);
	assert_int_equal(n_records, 0);
	wait_once(NULL, ETIMEDOUT);
	wait_once(NULL, EOWNERDEAD);
	assert_int_equal(n_records, 2);
}

static void without_tables_or_when_off_there_is_nothing(void **state)
{
	lock_record_start(&ring, 1);
	sig_tables_set(NULL);
	wait_once(NULL, 0);
	sig_tables_set(&tables);
	lock_record_stop();
	assert_false(lock_record_is_on());
	wait_once(NULL, 0);
	assert_int_equal(n_records, 0);
	assert_true(sig_tables_quiet());
}

static void a_full_ring_is_counted(void **state)
{
	const struct sig_sample_place place = { 4711, 4712 };
	uint64_t before = lock_record_counts.attempted[LOCK_RECORD_MUTEX];

	lock_record_start(&ring, 1);
	for (int i = 0; i < 1000000 && !lock_record_counts.ring_full[LOCK_RECORD_MUTEX]; i++)
		lock_record_unlocked(5, &place);
	assert_int_equal(lock_record_counts.ring_full[LOCK_RECORD_MUTEX], 1);
	sig_ring_drain(&ring, keep, NULL);
	assert_int_equal(lock_record_counts.attempted[LOCK_RECORD_MUTEX] - before, n_records + 1);
}

/* Waits for the lock until a signal comes, whose handler leaves for where `away` says. */
static sigjmp_buf away;
static int wanted;

static void leave(int number)
{
	siglongjmp(away, number);
}

static __attribute__((noinline)) void wait_and_leave(void)
{
	struct lock_record_wait wait;

	lock_record_begin(&wait, &wanted);
	raise(SIGUSR1);
	fail();
}

/* From further down than the wait was, and over what it left on the stack. */
static __attribute__((noinline)) uint64_t charge_from_below(void)
{
	volatile char room[4096];

	memset((char *)room, 1, sizeof(room));
	return lock_record_held(&wanted);
}

static void a_wait_that_was_jumped_out_of_is_over(void **state)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	assert_ptr_not_equal(signal(SIGUSR1, leave), SIG_ERR);
	lock_record_start(&ring, 1);
	for (volatile int from_below = 0; from_below < 2; from_below++) {
		if (sigsetjmp(away, 1) == 0)
			wait_and_leave();
		if (from_below)
			charge_from_below();
		else
			lock_record_held(&wanted); /* what it has waited is charged, once */
		nanosleep(&pause, NULL);
		assert_true(lock_record_held(&wanted) < 1000000);
		assert_null(lock_record_waiting.entry);
	}
}

/* The wait that the handler interrupted goes on. */
static void wait_meanwhile(int number)
{
	static int other;

	for (int i = 0; number == SIGUSR1 && i < 2; i++)
		wait_once(i ? NULL : &other, 0);
}

static void a_wait_in_a_handler_leaves_the_other_alone(void **state)
{
	struct lock_record_wait wait;

	assert_ptr_not_equal(signal(SIGUSR1, wait_meanwhile), SIG_ERR);
	lock_record_start(&ring, 1);
	lock_record_begin(&wait, &wanted);
	raise(SIGUSR1);
	assert_non_null(lock_record_waiting.entry);
	assert_int_equal(n_records, 2);
	assert_true(lock_record_held(&wanted) >= 1000000);
	lock_record_end(&wait, 0, &(struct sig_sample_place){ 4711, 4712 });
	assert_int_equal(lock_record_held(&wanted), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(short_waits_are_estimated_without_bias),
		TEST(long_waits_are_recorded_as_they_are),
		TEST(a_wait_is_charged_to_who_waits_and_who_holds),
		TEST(what_refused_was_no_wait_and_what_timed_out_was),
		TEST(without_tables_or_when_off_there_is_nothing),
		TEST(a_full_ring_is_counted),
		TEST(a_wait_that_was_jumped_out_of_is_over),
		TEST(a_wait_in_a_handler_leaves_the_other_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
