/* change: is the difference of two shares more than chance? */
#include "model/change.h"

#include <math.h>
#include <stdlib.h>

#include "model/confidence.h"

static double clamped(double share)
{
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

struct change change_of(double base, double n_base, double now, double n_now)
{
	struct change change = { .base = clamped(base), .now = clamped(now), .q = 1 };
	double pooled, deviation;

	if (!(n_base > 0) || !(n_now > 0))
		return change;
	change.margin = CONFIDENCE_Z95 * sqrt(change.base * (1 - change.base) / n_base +
						 change.now * (1 - change.now) / n_now);
	pooled = (change.base * n_base + change.now * n_now) / (n_base + n_now);
	deviation = sqrt(pooled * (1 - pooled) * (1 / n_base + 1 / n_now));
	if (deviation > 0)
		change.q = confidence_p_of_z((change.now - change.base) / deviation);
	return change;
}

static int by_q(const void *a, const void *b)
{
	double qa = (*(struct change *const *)a)->q, qb = (*(struct change *const *)b)->q;

	return (qa > qb) - (qa < qb);
}

/* From the largest p downward: q = min(q of the next larger, p * n / rank). */
bool change_adjust(struct change **changes, size_t n)
{
	struct change **sorted = malloc((n + 1) * sizeof(struct change *));
	double least = 1;

	if (!sorted)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = changes[i];
	qsort(sorted, n, sizeof(sorted[0]), by_q);
	for (size_t i = n; i-- > 0;) {
		double q = sorted[i]->q * (double)n / (double)(i + 1);

		least = q < least ? q : least;
		sorted[i]->q = least;
	}
	free(sorted);
	return true;
}
