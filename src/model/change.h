/*
 * change: which functions' shares differ between two profiles by more than chance.
 *
 * One run on each side. A share is tested as a proportion of samples; but a program varies
 * from run to run by more than its sampling does, and the more samples a function has the
 * more that shows. So the variance of a function with m samples is taken as
 *
 *     binomial variance × max(inflation, 1 + variation × m)
 *
 * and both factors come from the profiles themselves: as most functions do not change, the
 * median of their squared scores (chi-square of one degree has the median 0.4549) tells how
 * much they vary anyway: all of them `inflation`, the largest ones `variation`. With few
 * functions that cannot be told, and CHANGE_INFLATION_UNKNOWN stands in. p values become q
 * values (Benjamini and Hochberg, 1995), as thousands of functions are tested at once.
 *
 * A change is significant if q <= 0.05 and it is also worth a look: 5 % of the share, 0.2
 * points, 50 samples. A single run cannot tell a slow minute from slow code: say so.
 */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "model/profile.h"
#include "model/top.h"

#define CHANGE_Q_MAX 0.05
#define CHANGE_RELATIVE_MIN 0.05
#define CHANGE_POINTS_MIN 0.002
#define CHANGE_SAMPLES_MIN 50
#define CHANGE_INFLATION_UNKNOWN 2.0

struct change_row {                /* shares of the total values, 0 to 1 */
	const struct top_row *top; /* borrows from change->top */
	double base_share, share;
	double low, high; /* 95 % interval of share - base_share */
	double p, q;
	bool is_significant, is_new, is_gone;
};

struct change {
	struct top top;          /* of the pair, largest change of total first */
	struct change_row *rows; /* owned; top.n_rows, by size of the difference in share */
	size_t n_significant;
	double inflation, variation;
};

/* `pair` as merge_pair makes it; the numbers of samples behind its two sides turn values into
 * counts (0 = not known: nothing is significant). Finish with change_fini, also after an error. */
int change_build(const struct profile *pair, double base_samples, double new_samples,
	struct change *ret, struct err *err);
void change_fini(struct change *change);

#endif
