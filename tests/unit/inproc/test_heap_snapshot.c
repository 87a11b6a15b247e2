/* test_heap_snapshot: the sums as a profile, with names. */
#include "inproc/heap_snapshot.h"

#include "heap_records.h"

static struct profile *snapshot(void)
{
	struct profile *made = profile_new();
	struct err err;

	if (heap_snapshot_fill(made, &heap_records, "inuse_space", 0, &err) < 0)
		fail_msg("%s", err.text);
	return made;
}

static void sites_become_samples_with_names(void **state)
{
	PROFILE_AUTO made = NULL;

	heap_records_take(heap_records_begin, HEAP_RECORDS_MEAN, sig_heap_place(1, 0));
	heap_records_take(heap_records_end, HEAP_RECORDS_MEAN, sig_heap_place(2, 0));
	heap_records_take(heap_records_end, HEAP_RECORDS_MEAN, SIG_HEAP_NO_SLOT);
	made = snapshot();
	assert_int_equal(made->n_types, 4);
	assert_int_equal(made->n_samples, 2);
	assert_int_equal(made->period, HEAP_RECORDS_MEAN);
	/* 1 / (1 - 1/e) = 1.58 objects each */
	assert_int_equal(profiled_total(made, "heap_records_begin"), 2);
	assert_int_equal(profiled_total(made, "heap_records_end"), 3);
	assert_int_equal(made->values[2], 2);
	assert_int_equal(made->values[4 + 2], 2);
	assert_view_equal(profile_text(made, made->default_type), "inuse_space");
}

static void a_second_snapshot_is_as_the_first(void **state)
{
	PROFILE_AUTO first = NULL;
	PROFILE_AUTO second = NULL;

	heap_records_take(heap_records_begin, 1000, sig_heap_place(1, 0));
	first = snapshot();
	second = snapshot();
	assert_int_equal(first->n_samples, second->n_samples);
	assert_memory_equal(first->values, second->values, 4 * sizeof(*first->values));
	assert_int_equal(first->accounting.attempted, second->accounting.attempted);
}

/* In the total of what was allocated, but not of what is live. */
static void what_was_lost_is_a_stack_of_its_own(void **state)
{
	PROFILE_AUTO made = NULL;
	bool told = false;

	heap_records_take(heap_records_begin, HEAP_RECORDS_MEAN, sig_heap_place(1, 0));
	sig_heap_counts.attempted++;
	sig_heap_counts.ring_full++;
	sig_heap_counts.lost_objects = 5 * SIG_POISSON_ONE;
	sig_heap_counts.lost_bytes = 7000;
	made = snapshot();
	assert_int_equal(made->n_samples, 2);
	assert_int_equal(profiled_total(made, "[samples that were lost]"), 5);
	assert_int_equal(made->values[4 + 1], 7000);
	assert_int_equal(made->values[4 + 2], 0);
	assert_int_equal(made->values[4 + 3], 0);
	assert_int_equal(made->accounting.attempted, 2);
	assert_int_equal(made->accounting.lost[LOST_RING_FULL], 1);
	assert_true(accounting_balances(&made->accounting));
	for (size_t i = 0; i < made->n_comments; i++)
		told |= strstr(profile_text(made, made->comments[i]).at,
				" lost_objects=5 lost_bytes=7000 under_way=0") != NULL;
	assert_true(told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, heap_records_begin, heap_records_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sites_become_samples_with_names),
		TEST(what_was_lost_is_a_stack_of_its_own),
		TEST(a_second_snapshot_is_as_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
