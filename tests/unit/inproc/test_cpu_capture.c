/* test_cpu_capture: profiles of programs whose truth is known. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "inproc/cpu_capture.h"
#include "profiled.h"

/* The engine is left out: the test is the thread that captures. */
static void begin(void)
{
	struct cpu_capture_options options = { 0 };
	struct err err;

	if (cpu_capture_start(&options, &err) < 0)
		fail_msg("%s", err.text);
}

static struct profile *end(void)
{
	BUF_AUTO bytes = { 0 };
	struct err err;

	if (cpu_capture_stop(&bytes, &err) < 0)
		fail_msg("%s", err.text);
	return profiled_decode(buf_view(&bytes));
}

struct part {
	double small, large;
};

__attribute__((noinline)) static void small_part(double seconds)
{
	PROFILED_BURN(seconds);
	__asm__ volatile("");
}

__attribute__((noinline)) static void large_part(double seconds)
{
	PROFILED_BURN(seconds);
	__asm__ volatile("" ::: "memory");
}

static void *burn_parts(void *context)
{
	const struct part *part = context;

	small_part(part->small);
	large_part(part->large);
	return NULL;
}

static void burn_in(struct profile **ret, int n_threads, double seconds)
{
	struct part part = { 0.25 * seconds / n_threads, 0.75 * seconds / n_threads };
	pthread_t threads[64];

	begin();
	for (int i = 0; i < n_threads; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, burn_parts, &part), 0);
	for (int i = 0; i < n_threads; i++) {
		cpu_source_part.run(NULL);
		pthread_join(threads[i], NULL);
	}
	*ret = end();
}

/* Five standard deviations of a share that n samples give. */
static double error_of(double share, double n)
{
	return 5 * sqrt(share * (1 - share) / n);
}

static void shares_are_true_over(int n_threads)
{
	struct profile *p;
	double small, large;

	/* On a busy machine a thread may end before the kernel's tick has seen that its timer is
	 * due. */
	burn_in(&p, n_threads, n_threads > 4 ? 3 : 1);
	small = (double)profiled_total(p, "small_part");
	large = (double)profiled_total(p, "large_part");
	assert_true(small + large > 50);
	assert_true(fabs(small / (small + large) - 0.25) < error_of(0.25, small + large));
	assert_true(p->accounting.known && accounting_balances(&p->accounting));
	assert_true(accounting_truncated(&p->accounting) * 20 < p->accounting.complete);
	profile_free(p);
}

static void shares_are_true_over_1_thread(void **state)
{
	shares_are_true_over(1);
}

static void shares_are_true_over_4_threads(void **state)
{
	shares_are_true_over(4);
}

static void shares_are_true_over_64_threads(void **state)
{
	shares_are_true_over(64);
}

static bool find_expected(const struct profile *p, uint64_t *ret_seen, uint64_t *ret_expected)
{
	for (size_t i = 0; i < p->n_comments; i++) {
		unsigned long long seen, expected;

		if (sscanf(profile_text(p, p->comments[i]).at,
			    "flyover.cpu seen_ns=%llu expected_ns=%llu", &seen, &expected) == 2) {
			*ret_seen = seen;
			*ret_expected = expected;
			return true;
		}
	}
	return false;
}

static void the_profile_says_how_much_of_the_cpu_time_it_saw(void **state)
{
	uint64_t seen, expected;
	struct profile *p;

	burn_in(&p, 4, 1);
	assert_true(find_expected(p, &seen, &expected));
	assert_int_equal(seen,
		(p->accounting.attempted - accounting_lost(&p->accounting)) * (uint64_t)p->period);
	assert_true(expected >= 1000000000u);
	/* What was lost is known: each thread's count may be one period off, the rest is noise. */
	assert_true(fabs((double)(p->accounting.attempted * (uint64_t)p->period) -
			    (double)expected) < 6 * 10e6 + 0.05 * (double)expected);
	profile_free(p);
}

static void one_at_a_time_and_none_without_a_start(void **state)
{
	struct cpu_capture_options options = { 0 };
	BUF_AUTO bytes = { 0 };
	struct err err;

	assert_int_equal(cpu_capture_stop(&bytes, &err), ERR_USAGE);
	begin();
	assert_int_equal(cpu_capture_start(&options, &err), ERR_LIMIT);
	assert_true(cpu_capture_running());
	cpu_capture_cancel();
	assert_false(cpu_capture_running());
	options.hz = CPU_CAPTURE_HZ_MAX + 1;
	assert_int_equal(cpu_capture_start(&options, &err), ERR_USAGE);
}

static void ignore(int number)
{
}

static void a_signal_the_program_handles_is_left_to_it(void **state)
{
	struct cpu_capture_options options = { .signal_number = SIGUSR2 };
	struct err err;

	signal(SIGUSR2, ignore);
	assert_int_equal(cpu_capture_start(&options, &err), ERR_DENIED);
	assert_non_null(strstr(err.text, "handles signal 12"));
	signal(SIGUSR2, SIG_DFL);
	assert_int_equal(cpu_capture_start(&options, &err), 0);
	cpu_capture_cancel();
}

static void a_profile_is_whole_for_other_tools(void **state)
{
	struct profile *p;
	struct view file;

	begin();
	small_part(0.1);
	p = end();
	assert_int_equal(p->n_types, 2);
	assert_int_equal(profile_find_type(p, VIEW("samples")), 0);
	assert_int_equal(profile_find_type(p, VIEW("cpu")), 1);
	assert_int_equal(p->period, 10000000);
	assert_true(p->time_ns > 0 && p->duration_ns > 0);
	file = profile_text(p, p->mappings[1].file);
	assert_true(view_ends(file, VIEW("test_cpu_capture")));
	assert_true(profile_text(p, p->mappings[1].build_id).len > 0);
	for (size_t i = 0; i < p->n_locations; i++)
		assert_true(p->locations[i].n_lines > 0);
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_true_over_1_thread),
		cmocka_unit_test(shares_are_true_over_4_threads),
		cmocka_unit_test(shares_are_true_over_64_threads),
		cmocka_unit_test(the_profile_says_how_much_of_the_cpu_time_it_saw),
		cmocka_unit_test(one_at_a_time_and_none_without_a_start),
		cmocka_unit_test(a_signal_the_program_handles_is_left_to_it),
		cmocka_unit_test(a_profile_is_whole_for_other_tools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
