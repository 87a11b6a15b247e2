/* test_change: chance is not called a change, and a change is. */
#include "testing.h"

#include <math.h>
#include <stdio.h>

#include "model/change.h"
#include "random_profile.h"

enum { FUNCTIONS = 200, SAMPLES = 50000 };

static uint32_t draw(const double *weights, double whole, uint32_t *seed)
{
	double at = (double)random_next(seed) / 4294967296.0 * whole;
	uint32_t i = 0;

	while (i + 1 < FUNCTIONS && at >= weights[i])
		at -= weights[i++];
	return i;
}

/* Each sample is one function; shares as 1, 1/2, 1/3, …, jittered for each side if `noise`. */
static void add_side(struct profile *p, int side, double slower, double noise, uint32_t seed)
{
	double weights[FUNCTIONS], whole = 0;

	for (int i = 0; i < FUNCTIONS; i++) {
		double jitter = (double)random_next(&seed) / 2147483648.0 - 1;

		weights[i] = (i == 3 ? slower : 1) / (i + 1.0) * (1 + noise * jitter);
		whole += weights[i];
	}
	for (int i = 0; i < SAMPLES; i++) {
		char name[16];
		int64_t values[2] = { side == 0, side == 1 };

		snprintf(name, sizeof(name), "f%u", draw(weights, whole, &seed));
		profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, view_of(name))), 0,
			values);
	}
}

static struct profile *pair(double slower, double noise, uint32_t seed)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	add_side(p, 0, 1, noise, seed * 7919 + 1);
	add_side(p, 1, slower, noise, seed * 104729 + 3);
	return p;
}

static void the_same_program_twice_has_not_changed(void **state)
{
	for (uint32_t seed = 1; seed <= 10; seed++) {
		PROFILE_AUTO p = pair(1, seed % 2 ? 0 : 0.08, seed);
		struct change change;

		assert_int_equal(change_build(p, SAMPLES, SAMPLES, &change, NULL), 0);
		assert_int_equal(change.n_significant, 0);
		change_fini(&change);
	}
}

static void a_slower_function_is_found_and_its_interval_holds_the_truth(void **state)
{
	PROFILE_AUTO p = pair(1.5, 0, 42);
	struct change change;
	const struct change_row *first;
	double whole = 0, before, after;

	for (int i = 0; i < FUNCTIONS; i++)
		whole += 1 / (i + 1.0);
	before = 0.25 / whole;
	after = 0.375 / (whole + 0.125);
	assert_int_equal(change_build(p, SAMPLES, SAMPLES, &change, NULL), 0);
	first = &change.rows[0];
	assert_view_equal(strings_at(&change.top.names, first->top->name), "f3");
	assert_true(first->is_significant);
	assert_true(first->low < after - before && after - before < first->high);
	change_fini(&change);
}

static void without_sample_counts_nothing_is_significant(void **state)
{
	PROFILE_AUTO p = pair(3, 0, 5);
	struct change change;

	assert_int_equal(change_build(p, 0, 0, &change, NULL), 0);
	assert_int_equal(change.n_significant, 0);
	change_fini(&change);
}

static void noise_between_runs_inflates_the_variance(void **state)
{
	PROFILE_AUTO calm = pair(1, 0, 3);
	PROFILE_AUTO noisy = pair(1, 0.3, 3);
	struct change a, b;

	assert_int_equal(change_build(calm, SAMPLES, SAMPLES, &a, NULL), 0);
	assert_int_equal(change_build(noisy, SAMPLES, SAMPLES, &b, NULL), 0);
	assert_true(b.inflation > 2 * a.inflation);
	change_fini(&a);
	change_fini(&b);
}

static void new_and_gone_are_marked(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct change change;

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("old"))), 0,
		(int64_t[]){ 10, 0 });
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("young"))), 0,
		(int64_t[]){ 0, 10 });
	assert_int_equal(change_build(p, 10, 10, &change, NULL), 0);
	assert_true(change.rows[0].is_gone && change.rows[1].is_new);
	assert_int_equal(change.n_significant, 0); /* ten samples are too few to say more */
	change_fini(&change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_program_twice_has_not_changed),
		cmocka_unit_test(a_slower_function_is_found_and_its_interval_holds_the_truth),
		cmocka_unit_test(without_sample_counts_nothing_is_significant),
		cmocka_unit_test(noise_between_runs_inflates_the_variance),
		cmocka_unit_test(new_and_gone_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
