/* test_heap_profile: who allocated what is live, and what was allocated. */
#include "inproc/heap_profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inproc/hook_malloc.h"
#include "inproc/sig_heap.h"
#include "profiled.h"

#define N 1000

static void *blocks[N];

static int start(void *rate, struct err *err)
{
	return heap_profile_start(*(uint64_t *)rate, err);
}

static int stop(void *unused, struct err *err)
{
	heap_profile_stop();
	return 0;
}

static int snapshot(void *ret, struct err *err)
{
	return heap_profile_heap.snapshot(ret, err);
}

static bool begin(uint64_t rate)
{
	struct err err;

	if (engine_call(start, &rate, &err) == 0) {
		sig_heap_join();
		return true;
	}
	if (err.code == ERR_UNSUPPORTED)
		return false;
	fail_msg("%s", err.text);
	return false;
}

static struct profile *look(void)
{
	struct profile *profile = NULL;
	struct err err;

	if (engine_call(snapshot, &profile, &err) < 0)
		fail_msg("%s", err.text);
	return profile;
}

/* The sum of a value over the samples in which the function is. */
static int64_t sum(const struct profile *p, const char *function, const char *type)
{
	int at = profile_find_type(p, view_of(type));
	int64_t all = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t stack = p->samples[i].stack;

		while (stack != STACK_EMPTY &&
			!profiled_location_is(p, p->stacks.nodes[stack].location, function))
			stack = p->stacks.nodes[stack].parent;
		if (stack != STACK_EMPTY)
			all += p->values[i * p->n_types + (size_t)at];
	}
	return all;
}

__attribute__((noinline)) static void allocate_some(size_t size)
{
	for (int i = 0; i < N; i++) {
		blocks[i] = malloc(size);
		__asm__ volatile("" ::: "memory");
	}
}

__attribute__((noinline)) static void grow_some(size_t size)
{
	for (int i = 0; i < N; i++)
		blocks[i] = realloc(blocks[i], size);
}

/* A sample a byte, so that each allocation is one and nothing is left to chance. */
static void each_object_is_counted_until_it_is_freed(void **state)
{
	PROFILE_AUTO live = NULL;
	PROFILE_AUTO grown = NULL;
	PROFILE_AUTO gone = NULL;

	if (!begin(1))
		skip();
	allocate_some(100);
	live = look();
	assert_int_equal(sum(live, "allocate_some", "inuse_objects"), N);
	assert_int_equal(sum(live, "allocate_some", "inuse_space"), N * 100);
	assert_view_equal(profile_text(live, live->default_type), "inuse_space");
	assert_true(accounting_balances(&live->accounting));
	assert_true(live->accounting.attempted >= N);
	assert_int_equal(accounting_lost(&live->accounting), 0);
	grow_some(150);
	grown = look();
	assert_int_equal(sum(grown, "allocate_some", "inuse_space"), 0);
	assert_int_equal(sum(grown, "grow_some", "inuse_space"), N * 150);
	for (int i = 0; i < N; i++)
		free(blocks[i]);
	gone = look();
	assert_int_equal(sum(gone, "grow_some", "inuse_objects"), 0);
	assert_int_equal(sum(gone, "allocate_some", "alloc_objects"), N);
	assert_int_equal(sum(gone, "grow_some", "alloc_space"), N * 150);
	engine_call(stop, NULL, NULL);
}

/* ---- without bias: one stack that allocates both kinds, many times over ---- */

#define RUNS 300
#define RATE (512 << 10)
#define DEVIATIONS 5 /* from the truth: one time in 1.7 million for each of what is compared */

static const struct kinds {
	size_t size;
	int n;
} kinds[] = { { 64, 20000 }, { 1 << 20, 20 } };

static void *small[20000], *large[20];

/* Half of each stays; both kinds have the same stack. */
__attribute__((noinline)) static void allocate_mixed(void)
{
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < kinds[k].n; i++) {
			void **block = k ? &large[i] : &small[i];

			*block = malloc(kinds[k].size);
			__asm__ volatile("" ::: "memory");
			if (i % 2) {
				free(*block);
				*block = NULL;
			}
		}
}

static void free_mixed(void)
{
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < kinds[k].n; i++)
			free(k ? large[i] : small[i]);
}

/* What one run's estimate should be in the mean, and its variance. An allocation of s bytes is
 * sampled with probability p = 1 - exp(-s / rate), and then stands for 1 / p. */
static void expect_of(double share, bool bytes, double *ret_mean, double *ret_variance)
{
	*ret_mean = *ret_variance = 0;
	for (int k = 0; k < 2; k++) {
		double n = share * kinds[k].n, unit = bytes ? (double)kinds[k].size : 1;
		double p = 1 - exp(-(double)kinds[k].size / RATE);

		*ret_mean += n * unit;
		*ret_variance += n * unit * unit * (1 - p) / p;
	}
}

static void sums_are_right_in_the_mean_and_err_as_they_should(void **state)
{
	static const char *const types[] = { "alloc_objects", "alloc_space", "inuse_objects",
		"inuse_space" };
	double sums[4] = { 0 }, squares[4] = { 0 };

	for (int run = 0; run < RUNS; run++) {
		PROFILE_AUTO profile = NULL;

		if (!begin(RATE))
			skip();
		allocate_mixed();
		profile = look();
		assert_int_equal(accounting_lost(&profile->accounting), 0);
		for (int t = 0; t < 4; t++) {
			double seen = (double)sum(profile, "allocate_mixed", types[t]), mean,
			       unused;

			expect_of(t < 2 ? 1 : 0.5, t % 2, &mean, &unused);
			sums[t] += seen - mean;
			squares[t] += (seen - mean) * (seen - mean);
		}
		engine_call(stop, NULL, NULL);
		free_mixed();
	}
	for (int t = 0; t < 4; t++) {
		double mean, variance, error = sums[t] / RUNS;

		expect_of(t < 2 ? 1 : 0.5, t % 2, &mean, &variance);
		print_message("%s: %.0f, off by %.2f %% in the mean of %d, %.1f %% each time, "
			      "as expected %.1f %%\n",
			types[t], mean, 100 * error / mean, RUNS,
			100 * sqrt(squares[t] / RUNS) / mean, 100 * sqrt(variance) / mean);
		assert_true(fabs(error) <= DEVIATIONS * sqrt(variance / RUNS));
		/* The error itself is known to some 10 %. */
		assert_true(squares[t] / RUNS < 2 * variance && squares[t] / RUNS > variance / 2);
	}
}

static void there_is_one_and_it_says_how_to_begin(void **state)
{
	struct profile *profile = NULL;
	uint64_t rate = 0;
	struct err err;

	assert_int_equal(engine_call(snapshot, &profile, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "fly_heap_start"));
	if (!begin(0))
		skip();
	assert_int_equal(engine_call(start, &rate, &err), ERR_LIMIT);
	engine_call(stop, NULL, NULL);
	rate = UINT64_C(1) << 40;
	assert_int_equal(engine_call(start, &rate, &err), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_object_is_counted_until_it_is_freed),
		cmocka_unit_test(sums_are_right_in_the_mean_and_err_as_they_should),
		cmocka_unit_test(there_is_one_and_it_says_how_to_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
