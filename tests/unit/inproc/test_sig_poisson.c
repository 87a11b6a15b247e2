/* test_sig_poisson: gaps have their mean, and weights make sums right. Seeds are fixed. */
#include <math.h>

#include "inproc/sig_poisson.h"
#include "testing.h"

#define MEAN 524288
#define N 1000000

static void gaps_have_their_mean_and_their_spread(void **state)
{
	uint64_t random = 42;
	double sum = 0, squares = 0, mean, deviation;

	for (int i = 0; i < N; i++) {
		double gap = (double)sig_poisson_gap(&random, MEAN);

		assert_true(gap >= 0);
		sum += gap;
		squares += gap * gap;
	}
	mean = sum / N;
	deviation = sqrt(squares / N - mean * mean);
	assert_true(fabs(mean / MEAN - 1) < 0.006); /* six sigma */
	assert_true(fabs(deviation / MEAN - 1) < 0.01);
}

static void weights_are_one_over_the_chance(void **state)
{
	static const uint64_t sizes[] = { 1, 64, 1000, 65536, 524288, 1 << 20, 1 << 24, 1 << 30 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		double exact = -1 / expm1(-(double)sizes[i] / MEAN);
		double objects = (double)sig_poisson_objects(sizes[i], MEAN) / SIG_POISSON_ONE;
		double bytes = (double)sig_poisson_bytes(sizes[i], MEAN);

		assert_true(fabs(objects / exact - 1) < 1e-5);
		assert_true(fabs(bytes / (exact * (double)sizes[i]) - 1) < 1e-5);
	}
}

/* A million objects of 64 bytes and a thousand of 1 MiB, in turn. */
static void mixed_sizes_are_estimated_without_bias(void **state)
{
	const uint64_t sizes[2] = { 64, 1 << 20 };
	const double exact[2] = { 20e6, 20e3 };
	double objects[2] = { 0 };
	uint64_t random = 7;
	int64_t until = sig_poisson_gap(&random, MEAN);

	for (int i = 0; i < 20020000; i++) {
		int large = i % 1001 == 0;

		until -= (int64_t)sizes[large];
		if (until >= 0)
			continue;
		objects[large] += (double)sig_poisson_objects(sizes[large], MEAN) / SIG_POISSON_ONE;
		until = sig_poisson_gap(&random, MEAN);
	}
	/* Relative deviations: sqrt((1 - p) / (n p)): 0.020 and 0.0028; six of them. */
	assert_true(fabs(objects[0] / exact[0] - 1) < 0.12);
	assert_true(fabs(objects[1] / exact[1] - 1) < 0.017);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_have_their_mean_and_their_spread),
		cmocka_unit_test(weights_are_one_over_the_chance),
		cmocka_unit_test(mixed_sizes_are_estimated_without_bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
