/* change: which functions' shares differ between two profiles by more than chance. */
#include "model/change.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "model/confidence.h"

#define CHI2_MEDIAN 0.454936423119572
#define ENOUGH_FUNCTIONS 20
#define LARGEST_FUNCTIONS 31
#define EXPECTED_MIN 5 /* samples on each side, for the normal approximation */

struct sides {
	double base_samples, new_samples;
};

static double share_of(int64_t value, int64_t whole)
{
	return whole > 0 && value > 0 ? fmin((double)value / (double)whole, 1) : 0;
}

static double pooled(const struct change_row *row, const struct sides *s)
{
	return (row->base_share * s->base_samples + row->share * s->new_samples) /
	       (s->base_samples + s->new_samples);
}

static bool is_testable(const struct change_row *row, const struct sides *s)
{
	double share = pooled(row, s);

	return s->base_samples > 0 && s->new_samples > 0 && share < 1 &&
	       share * fmin(s->base_samples, s->new_samples) >= EXPECTED_MIN;
}

/* The square of the score under "no change", without inflation. */
static double score2(const struct change_row *row, const struct sides *s)
{
	double share = pooled(row, s), difference = row->share - row->base_share;
	double variance = share * (1 - share) * (1 / s->base_samples + 1 / s->new_samples);

	return variance > 0 ? difference * difference / variance : 0;
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* A function and what chance alone would not do to it. */
struct score {
	double samples, square;
};

static int compare_samples(const void *left, const void *right)
{
	const struct score *a = left, *b = right;

	return (a->samples < b->samples) - (a->samples > b->samples);
}

static double median(double *numbers, size_t n)
{
	qsort(numbers, n, sizeof(*numbers), compare_doubles);
	return n ? numbers[n / 2] : 0;
}

static double samples_of(const struct change_row *row, const struct sides *s)
{
	return pooled(row, s) * fmin(s->base_samples, s->new_samples);
}

static void measure_factors(struct change *c, struct score *scores, double *room, size_t n)
{
	size_t largest = n < LARGEST_FUNCTIONS ? n : LARGEST_FUNCTIONS;

	for (size_t i = 0; i < n; i++)
		room[i] = scores[i].square / CHI2_MEDIAN;
	c->inflation = n < ENOUGH_FUNCTIONS ? CHANGE_INFLATION_UNKNOWN : fmax(1, median(room, n));
	if (n < ENOUGH_FUNCTIONS)
		return;
	qsort(scores, n, sizeof(*scores), compare_samples);
	for (size_t i = 0; i < largest; i++)
		room[i] = (scores[i].square / CHI2_MEDIAN - 1) / scores[i].samples;
	c->variation = fmax(0, median(room, largest));
}

static int measure_noise(struct change *c, const struct sides *s, struct err *err)
{
	struct score *scores = malloc((c->top.n_rows + 1) * sizeof(*scores));
	double *room = malloc((c->top.n_rows + 1) * sizeof(*room));
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; scores && room && i < c->top.n_rows; i++)
		if (is_testable(&c->rows[i], s))
			scores[n++] = (struct score){ samples_of(&c->rows[i], s),
				score2(&c->rows[i], s) };
	if (scores && room)
		measure_factors(c, scores, room, n);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	free(scores);
	free(room);
	return rc;
}

static void test_row(struct change_row *row, const struct sides *s, const struct change *c)
{
	double inflation = fmax(c->inflation, 1 + c->variation * samples_of(row, s));
	double error, difference = row->share - row->base_share;

	row->low = -1;
	row->high = 1;
	row->p = 1;
	if (!(s->base_samples > 0 && s->new_samples > 0))
		return;
	error = sqrt(
		inflation * (row->share * (1 - row->share) / s->new_samples +
				    row->base_share * (1 - row->base_share) / s->base_samples));
	/* One sample more or less on either side is never excluded. */
	error += 1 / (2 * s->new_samples) + 1 / (2 * s->base_samples);
	row->low = fmax(difference - CONFIDENCE_Z95 * error, -1);
	row->high = fmin(difference + CONFIDENCE_Z95 * error, 1);
	if (is_testable(row, s))
		row->p = confidence_p_of_z(sqrt(score2(row, s) / inflation));
}

static int compare_p(const void *left, const void *right)
{
	const struct change_row *a = *(struct change_row *const *)left;
	const struct change_row *b = *(struct change_row *const *)right;

	return (a->p > b->p) - (a->p < b->p);
}

/* q of rank i is the smallest p × n / rank of it and all later ones. */
static int adjust(struct change *c, struct err *err)
{
	size_t n = c->top.n_rows;
	struct change_row **by_p = malloc((n + 1) * sizeof(struct change_row *));
	double least = 1;

	if (!by_p)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		by_p[i] = &c->rows[i];
	qsort(by_p, n, sizeof(*by_p), compare_p);
	for (size_t i = n; i-- > 0;) {
		least = fmin(least, by_p[i]->p * (double)n / (double)(i + 1));
		by_p[i]->q = least;
	}
	free(by_p);
	return 0;
}

static bool is_worth_a_look(const struct change_row *row, const struct sides *s)
{
	double difference = fabs(row->share - row->base_share);
	double samples = row->base_share * s->base_samples + row->share * s->new_samples;

	return difference >= CHANGE_POINTS_MIN &&
	       difference >= CHANGE_RELATIVE_MIN * row->base_share && samples >= CHANGE_SAMPLES_MIN;
}

static int compare_rows(const void *left, const void *right)
{
	const struct change_row *a = left, *b = right;
	double size_a = fabs(a->share - a->base_share), size_b = fabs(b->share - b->base_share);

	if (size_a != size_b)
		return size_a > size_b ? -1 : 1;
	return (a->top->name > b->top->name) - (a->top->name < b->top->name);
}

static int fill(struct change *c, const struct sides *s, struct err *err)
{
	int rc;

	c->rows = calloc(c->top.n_rows + 1, sizeof(*c->rows));
	if (!c->rows)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < c->top.n_rows; i++) {
		const struct top_row *top = &c->top.rows[i];

		c->rows[i].top = top;
		c->rows[i].base_share = share_of(top->base_total, c->top.base_whole);
		c->rows[i].share = share_of(top->total, c->top.whole);
		c->rows[i].is_new = top->base_total <= 0 && top->total > 0;
		c->rows[i].is_gone = top->base_total > 0 && top->total <= 0;
	}
	rc = measure_noise(c, s, err);
	for (size_t i = 0; rc == 0 && i < c->top.n_rows; i++)
		test_row(&c->rows[i], s, c);
	if (rc == 0)
		rc = adjust(c, err);
	for (size_t i = 0; rc == 0 && i < c->top.n_rows; i++) {
		struct change_row *row = &c->rows[i];

		row->is_significant = row->q <= CHANGE_Q_MAX && is_worth_a_look(row, s);
		c->n_significant += row->is_significant;
	}
	if (rc == 0)
		qsort(c->rows, c->top.n_rows, sizeof(*c->rows), compare_rows);
	return rc;
}

int change_build(const struct profile *pair, double base_samples, double new_samples,
	struct change *ret, struct err *err)
{
	const struct top_options options = { .type = 1, .base_type = 0, .order = TOP_BY_CHANGE };
	const struct sides sides = { base_samples, new_samples };
	int rc;

	assert(pair->n_types == 2);
	*ret = (struct change){ 0 };
	rc = top_build(pair, &options, &ret->top, err);
	return rc < 0 ? rc : fill(ret, &sides, err);
}

void change_fini(struct change *change)
{
	top_fini(&change->top);
	free(change->rows);
	*change = (struct change){ 0 };
}
