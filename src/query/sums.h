/*
 * sums: values of stacks, summed by the stacks' numbers, for each dictionary apart.
 *
 * The total of a stack is its own value and those of all stacks that go on from it; its weight is
 * the same of absolute values: what is there, even if it adds up to 0. Sums saturate.
 */
#ifndef QUERY_SUMS_H
#define QUERY_SUMS_H

#include "store/dictionary.h"
#include "store/store.h"

struct sums {
	struct store_dictionary *dictionary; /* owned */
	const struct dictionary_node *nodes; /* its own */
	int64_t *self, *total;               /* by number of stack; owned */
	uint64_t *weight;                    /* owned */
	size_t n, cap;
	struct budget *budget; /* of the question; may be NULL */
};

void sums_init(struct sums *sums, const struct store_dictionary *dictionary, struct budget *budget);
void sums_fini(struct sums *sums);

/* Adds a part of the same dictionary; false without memory (budget_error). */
bool sums_add(struct sums *sums, const struct store_part *part);

/* The same, each value as so many level_parts. */
bool sums_add_weighted(struct sums *sums, const struct store_part *part, double weight);

/* Fills total and weight; false without memory. Once, when all is added. */
bool sums_total(struct sums *sums);

/* Saturating. */
static inline int64_t sums_plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}

#endif
