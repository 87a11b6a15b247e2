/* test_sig_heap: slots and the filter, for addresses that are only numbers. */
#include <stdlib.h>

#include "inproc/sig_heap.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"
#include "testing.h"

#define N 1000
#define MANY 100000
#define RARE (2 << 20)
#define SOME_KIB (16 << 10)

static _Atomic uint64_t words[1 << 12], more_words[1 << 12], slots[SIG_HEAP_SLOTS];
static _Atomic uint32_t uses[SIG_HEAP_SLOTS];
static struct sig_ring ring = { .words = words, .n_words = 1 << 12 };
static struct sig_ring second = { .words = more_words, .n_words = 1 << 12 };
static struct sig_heap_setup setup = { { &ring, &second }, slots, uses, 1 };
static struct sig_heap_setup rare = { { &ring, &second }, slots, uses, RARE };
static const struct sig_tables tables;
static uint64_t place, n_records;

static void keep(void *owner, const void *record, size_t n)
{
	const struct sig_sample *sample = record;

	place = sample->values[1];
	n_records++;
}

static void drain(void)
{
	sig_ring_drain(&ring, keep, NULL);
	sig_ring_drain(&second, keep, NULL);
}

/* Of so many bytes that it is sampled. */
static void allocate(void *at)
{
	sig_heap_allocated(at, 1 << 20, 1, 1);
	drain();
}

static int begin(void **state)
{
	sig_tables_set(&tables);
	sig_heap_begin(&setup);
	n_records = 0;
	return 0;
}

static int end(void **state)
{
	sig_heap_end();
	return 0;
}

static void what_is_sampled_lives_until_it_is_freed(void **state)
{
	void *at = (void *)0x10000;

	allocate(at);
	assert_int_equal(n_records, 1);
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_freed((void *)0x10010);
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_freed(at);
	assert_false(sig_heap_is_live(&setup, place));
	assert_int_equal(sig_heap_filter[sig_heap_index(at)], 0);
}

static void an_address_can_come_again(void **state)
{
	void *at = (void *)0x10000;
	uint64_t first;

	allocate(at);
	first = place;
	sig_heap_freed(at);
	allocate(at);
	assert_true(first != place);
	assert_false(sig_heap_is_live(&setup, first));
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_freed(at);
}

static void a_realloc_that_fails_changes_nothing(void **state)
{
	void *at = (void *)0x20000;
	uint32_t held;

	allocate(at);
	held = sig_heap_hold(at);
	assert_int_not_equal(held, SIG_HEAP_NO_SLOT);
	sig_heap_freed(at); /* another block that came to lie there meanwhile is not this one */
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_settle(held, 0);
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_settle(sig_heap_hold(at), 1);
	assert_false(sig_heap_is_live(&setup, place));
	assert_int_equal(sig_heap_hold(at), SIG_HEAP_NO_SLOT);
}

static void without_tables_a_sample_is_counted_as_lost(void **state)
{
	sig_tables_set(NULL);
	allocate((void *)0x30000);
	assert_int_equal(n_records, 0);
	assert_int_equal(sig_heap_counts.attempted, 1);
	assert_int_equal(sig_heap_counts.not_ready, 1);
	assert_int_equal(sig_heap_counts.lost_bytes, 1 << 20);
	assert_int_equal(sig_heap_counts.lost_objects, SIG_POISSON_ONE);
	assert_int_equal(sig_heap_filter[sig_heap_index((void *)0x30000)], 0);
}

static void a_full_ring_is_counted_and_leaves_no_slot(void **state)
{
	uint64_t last = 0;

	for (uintptr_t i = 1; i < N; i++)
		sig_heap_allocated((void *)(i << 16), 1 << 20, 1, 1);
	last = sig_heap_counts.ring_full;
	assert_true(last > 0 && last < N - 1);
	assert_int_equal(sig_heap_counts.lost_objects, last * SIG_POISSON_ONE);
	drain();
	assert_int_equal(n_records + last, N - 1);
	assert_int_equal(sig_heap_counts.attempted, N - 1);
	for (uintptr_t i = 1; i < N; i++)
		sig_heap_freed((void *)(i << 16));
	assert_int_equal(sig_heap_counts.gone, n_records);
}

/* As where jemalloc's sdallocx, of which nothing is known, gave it back. */
static void an_address_that_comes_again_unfreed_is_a_new_object(void **state)
{
	void *at = (void *)0x10000;
	uint64_t first;

	allocate(at);
	first = place;
	allocate(at);
	assert_false(sig_heap_is_live(&setup, first));
	assert_true(sig_heap_is_live(&setup, place));
	sig_heap_freed(at);
	assert_false(sig_heap_is_live(&setup, place));
	assert_int_equal(sig_heap_filter[sig_heap_index(at)], 0);
}

/* More than the table begins with: it grows, and what came before is found as well as what came
 * after. */
static void many_objects_are_followed(void **state)
{
	static uint64_t places[MANY];

	for (uintptr_t i = 0; i < MANY; i++) {
		allocate((void *)((i + 1) << 12));
		places[i] = place;
		assert_int_not_equal((uint32_t)place, SIG_HEAP_NO_SLOT);
	}
	for (uintptr_t i = 0; i < MANY; i++)
		assert_true(sig_heap_is_live(&setup, places[i]));
	for (uintptr_t i = 0; i < MANY; i++) {
		sig_heap_freed((void *)((i + 1) << 12));
		assert_false(sig_heap_is_live(&setup, places[i]));
	}
	assert_int_equal(sig_heap_counts.gone, MANY);
}

/* A thread that was told that nothing is kept looks again after some KiB, and then counts bytes in
 * parts. */
static void a_thread_joins_and_leaves_by_itself(void **state)
{
	int sampled = 0;

	sig_heap_end();
	for (int i = 0; i < 100; i++)
		sig_heap_allocated((void *)0x10000, 100, 1, 1);
	sig_heap_begin(&rare);
	sig_heap_thread.until = SOME_KIB;
	for (int i = 0; i < 100000; i++)
		sig_heap_allocated((void *)((uintptr_t)(i + 1) << 12), 1000, 1, 1);
	sampled = (int)sig_heap_counts.attempted;
	assert_in_range(sampled, 1, 100000 * 1000 / RARE * 2); /* 47 are expected */
	sig_heap_end();
	for (int i = 0; i < 100000; i++)
		sig_heap_allocated((void *)((uintptr_t)(i + 1) << 12), 1000, 1, 1);
	assert_in_range((int)sig_heap_counts.attempted, sampled, sampled + 1);
}

static void a_size_that_cannot_be_changes_nothing(void **state)
{
	sig_heap_allocated((void *)0x10000, 1, 1, 1);
	for (int shift = 56; shift < 64; shift++)
		sig_heap_passes((size_t)1 << shift);
	sig_heap_passes(SIZE_MAX);
	allocate((void *)0x20000);
	assert_true(sig_heap_is_live(&setup, place));
}

static void what_is_suspect_stays_so(void **state)
{
	sig_heap_suspect((void *)0x40080, 0x400);
	sig_heap_begin(&setup);
	assert_true(sig_heap_may_be_sampled((void *)0x40080));
	assert_true(sig_heap_may_be_sampled((void *)0x4047f));
	assert_false(sig_heap_may_be_sampled((void *)0x40500));
	sig_heap_suspect(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_sampled_lives_until_it_is_freed, begin, end),
		cmocka_unit_test_setup_teardown(an_address_can_come_again, begin, end),
		cmocka_unit_test_setup_teardown(a_realloc_that_fails_changes_nothing, begin, end),
		cmocka_unit_test_setup_teardown(
			without_tables_a_sample_is_counted_as_lost, begin, end),
		cmocka_unit_test_setup_teardown(
			a_full_ring_is_counted_and_leaves_no_slot, begin, end),
		cmocka_unit_test_setup_teardown(
			an_address_that_comes_again_unfreed_is_a_new_object, begin, end),
		cmocka_unit_test_setup_teardown(many_objects_are_followed, begin, end),
		cmocka_unit_test_setup_teardown(a_thread_joins_and_leaves_by_itself, begin, end),
		cmocka_unit_test_setup_teardown(a_size_that_cannot_be_changes_nothing, begin, end),
		cmocka_unit_test_setup_teardown(what_is_suspect_stays_so, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
