/* test_heap_sites: sums of what samples stand for, by who allocated them. */
#include "heap_records.h"

static void samples_of_one_stack_are_one_site(void **state)
{
	heap_records_take(heap_records_begin, 100, sig_heap_place(0, 0));
	heap_records_take(heap_records_begin, HEAP_RECORDS_MEAN, sig_heap_place(1, 0));
	heap_records_take(heap_records_end, 100, sig_heap_place(2, 0));
	assert_int_equal(heap_records.n_sites, 2);
	assert_int_equal(heap_records.n_lives, 3);
	assert_int_equal(heap_records.sites[0].alloc_objects,
		sig_poisson_objects(100, HEAP_RECORDS_MEAN) +
			sig_poisson_objects(HEAP_RECORDS_MEAN, HEAP_RECORDS_MEAN));
	assert_int_equal(heap_records.sites[0].live_bytes,
		sig_poisson_bytes(100, HEAP_RECORDS_MEAN) +
			sig_poisson_bytes(HEAP_RECORDS_MEAN, HEAP_RECORDS_MEAN));
	assert_int_equal(
		heap_records.accounting.complete + accounting_truncated(&heap_records.accounting),
		3);
}

static void what_was_given_back_is_swept(void **state)
{
	heap_records_take(heap_records_begin, 100, sig_heap_place(7, 0));
	heap_records_take(heap_records_begin, 200, sig_heap_place(8, 0));
	atomic_fetch_add(&heap_records_uses[7], 1);
	heap_sites_sweep(&heap_records);
	assert_int_equal(heap_records.n_lives, 1);
	assert_int_equal(
		heap_records.sites[0].live_bytes, sig_poisson_bytes(200, HEAP_RECORDS_MEAN));
	assert_int_equal(heap_records.sites[0].alloc_bytes,
		sig_poisson_bytes(100, HEAP_RECORDS_MEAN) +
			sig_poisson_bytes(200, HEAP_RECORDS_MEAN));
	atomic_fetch_sub(&heap_records_uses[7], 1);
}

static void an_object_without_a_slot_is_allocated_but_not_followed(void **state)
{
	heap_records_take(heap_records_begin, 100, SIG_HEAP_NO_SLOT);
	assert_int_equal(heap_records.n_lives, 0);
	assert_int_equal(heap_records.sites[0].live_bytes, 0);
	assert_int_equal(heap_records.sites[0].alloc_bytes, heap_records.not_followed.bytes);
	assert_int_equal(
		heap_records.not_followed.bytes, sig_poisson_bytes(100, HEAP_RECORDS_MEAN));
	assert_int_equal(heap_records.not_followed.samples, 1);
}

static void nor_is_one_that_there_is_no_memory_for(void **state)
{
	heap_records.n_lives = heap_records.cap_lives = SIZE_MAX / sizeof(*heap_records.lives);
	heap_records_take(heap_records_begin, 100, sig_heap_place(3, 0));
	heap_records.n_lives = heap_records.cap_lives = 0;
	assert_int_equal(heap_records.not_followed.samples, 1);
	assert_int_equal(heap_records.sites[0].live_bytes, 0);
	assert_true(heap_records.sites[0].alloc_bytes > 0);
}

static uint64_t balance(struct accounting *ret)
{
	uint64_t under_way = heap_sites_account(&heap_records, ret);

	assert_true(accounting_balances(ret));
	return under_way;
}

/* One that has no site is lost, once, with what it stood for; and counts as nothing else. */
static void a_site_too_many_is_lost(void **state)
{
	struct accounting a;

	heap_records.n_sites = 2 * HEAP_SITES_MAX;
	heap_records_take(heap_records_begin, 100, sig_heap_place(3, 0));
	heap_records.n_sites = 0;
	assert_int_equal(balance(&a), 0);
	assert_int_equal(a.attempted, 1);
	assert_int_equal(a.lost[LOST_NO_MEMORY], 1);
	assert_int_equal(a.complete + accounting_truncated(&a), 0);
	assert_int_equal(heap_records.lost.bytes, sig_poisson_bytes(100, HEAP_RECORDS_MEAN));
	assert_int_equal(heap_records.lost.objects, sig_poisson_objects(100, HEAP_RECORDS_MEAN));
	assert_int_equal(heap_records.unlabelled, 0);
}

static void every_attempt_is_accounted_for(void **state)
{
	struct accounting a;

	for (int i = 0; i < 5; i++)
		heap_records_take(heap_records_begin, 100, sig_heap_place(3, 0));
	assert_int_equal(balance(&a), 0);
	assert_int_equal(a.attempted, 5);
	assert_int_equal(accounting_lost(&a), 0);
	sig_heap_counts.attempted += 3; /* two hooks are at it, one found no room */
	sig_heap_counts.ring_full++;
	assert_int_equal(balance(&a), 2);
	assert_int_equal(a.attempted, 8);
	assert_int_equal(a.lost[LOST_RING_FULL], 3);
}

static void records_of_an_earlier_profile_are_left_out(void **state)
{
	union sig_sample_room room = { .sample = { .values = { 1 },
					       .kind = sig_heap_kind(sig_heap_epoch + 1) } };

	heap_sites_take(&heap_records, &room, SIG_SAMPLE_WORDS_MAX);
	assert_int_equal(heap_records.n_sites, 0);
	assert_int_equal(heap_records.accounting.lost[LOST_NO_MEMORY], 0);
}

static void a_look_is_worth_it_once_enough_is_gone(void **state)
{
	assert_false(heap_sites_worth_sweeping(&heap_records));
	sig_heap_counts.gone = 100;
	assert_true(heap_sites_worth_sweeping(&heap_records));
	heap_sites_sweep(&heap_records);
	assert_false(heap_sites_worth_sweeping(&heap_records));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, heap_records_begin, heap_records_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(samples_of_one_stack_are_one_site),
		TEST(what_was_given_back_is_swept),
		TEST(an_object_without_a_slot_is_allocated_but_not_followed),
		TEST(nor_is_one_that_there_is_no_memory_for),
		TEST(a_site_too_many_is_lost),
		TEST(every_attempt_is_accounted_for),
		TEST(records_of_an_earlier_profile_are_left_out),
		TEST(a_look_is_worth_it_once_enough_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
