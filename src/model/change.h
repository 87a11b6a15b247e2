/*
 * change: is the difference of two shares more than chance?
 *
 * Shares of samples are compared by the two-proportion z-test with a pooled variance; the margin
 * is half the 95 % interval of the difference (Newcombe 1998, method 1). A table of hundreds of
 * functions would show some "significant" ones in two captures of the same program, so
 * p-values become q-values by Benjamini and Hochberg (1995): of the rows with q <= 0.05, one in
 * twenty is chance. What differs between two runs for other reasons than sampling (another
 * load, another machine) no statistic of two captures can tell.
 */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#define CHANGE_Q_MAX 0.05

struct change {
	double base, now; /* shares of either whole, 0 to 1 */
	double margin;    /* of now - base; 0 if a number of samples is not known */
	double q;         /* 1 if a number of samples is not known */
};

/* The change between two shares, seen in so many samples (0 = not known). Its q is a p-value until
 * change_adjust. */
struct change change_of(double base, double n_base, double now, double n_now);

/* Makes q-values of the p-values of a table, in place; false without memory. */
bool change_adjust(struct change **changes, size_t n);

static inline bool change_is_sure(const struct change *change)
{
	return change->q <= CHANGE_Q_MAX;
}

#endif
