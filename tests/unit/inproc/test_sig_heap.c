/* test_sig_heap: slots and the filter, for addresses that are only numbers. */
#include <stdlib.h>

#include "inproc/sig_heap.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"
#include "testing.h"

#define N 1000

static _Atomic uint64_t words[1 << 12], slots[SIG_HEAP_SLOTS];
static _Atomic uint32_t uses[SIG_HEAP_SLOTS];
static struct sig_ring ring = { .words = words, .n_words = 1 << 12 };
static struct sig_heap_setup setup = { &ring, slots, uses, 1 };
static const struct sig_tables tables;
static uint64_t place, n_records;

static void keep(void *owner, const void *record, size_t n)
{
	const struct sig_sample *sample = record;

	place = sample->values[1];
	n_records++;
}

/* Of so many bytes that it is sampled. */
static void allocate(void *at)
{
	sig_heap_allocated(at, 1 << 20, 1, 1);
	sig_ring_drain(&ring, keep, NULL);
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
	sig_ring_drain(&ring, keep, NULL);
	assert_int_equal(n_records + last, N - 1);
	assert_int_equal(sig_heap_counts.attempted, N - 1);
	for (uintptr_t i = 1; i < N; i++)
		sig_heap_freed((void *)(i << 16));
	assert_int_equal(sig_heap_counts.gone, n_records);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
