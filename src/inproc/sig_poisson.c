/* sig_poisson: sampling bytes so that every byte has the same chance. */
#include "inproc/sig_poisson.h"

#define LN2 0.693147180559945309417
#define TERMS 16
#define SURE 40 /* exp(-40) is nothing */

/* xorshift64* (Marsaglia, Vigna). */
static uint64_t next(uint64_t *random)
{
	uint64_t x = *random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*random = x;
	return x * 0x2545f4914f6cdd1du;
}

/* -ln(bits / 2^53), for 1 <= bits <= 2^53: ln m = 2 atanh((m - 1) / (m + 1)) for m in [1, 2). */
static double minus_log(uint64_t bits)
{
	int top = 63 - __builtin_clzll(bits);
	double m = (double)bits / (double)(UINT64_C(1) << top);
	double t = (m - 1) / (m + 1), power = t, sum = 0;

	for (int i = 1; i < 2 * TERMS; i += 2) {
		sum += power / i;
		power *= t * t;
	}
	return (53 - top) * LN2 - 2 * sum;
}

/* 1 - exp(-x) for x > 0, small ones too: of x / 2^k by its series, and then doubled k times by
 * 1 - exp(-2y) = d (2 - d). */
static double chance(double x)
{
	double term, sum = 0;
	int halved = 0;

	if (x > SURE)
		return 1;
	for (; x > 0.5; x /= 2)
		halved++;
	term = x;
	for (int i = 2; i < TERMS + 2; i++) {
		sum += term;
		term *= -x / i;
	}
	while (halved--)
		sum *= 2 - sum;
	return sum;
}

int64_t sig_poisson_gap(uint64_t *random, uint64_t mean)
{
	return (int64_t)(minus_log((next(random) >> 11) + 1) * (double)mean);
}

int64_t sig_poisson_objects(uint64_t size, uint64_t mean)
{
	return (int64_t)(SIG_POISSON_ONE / chance((double)size / (double)mean) + 0.5);
}

int64_t sig_poisson_bytes(uint64_t size, uint64_t mean)
{
	return (int64_t)((double)size / chance((double)size / (double)mean) + 0.5);
}
