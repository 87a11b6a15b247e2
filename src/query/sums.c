/* sums: values of stacks, summed by the stacks' numbers. */
#include "query/sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "query/level.h"

void sums_init(struct sums *sums, const struct store_dictionary *dictionary, struct budget *budget)
{
	*sums = (struct sums){ .dictionary = dictionary_ref(dictionary), .budget = budget };
}

void sums_fini(struct sums *sums)
{
	dictionary_unref(sums->dictionary);
	free(sums->self);
	free(sums->total);
	free(sums->weight);
	*sums = (struct sums){ 0 };
}

/* Dictionaries grow while they are read. */
static bool make_room(struct sums *sums)
{
	size_t n, before = sums->n, cap = sums->cap;

	sums->nodes = dictionary_nodes(sums->dictionary, &n);
	if (n <= sums->n)
		return true;
	if (n > cap && !budget_take(sums->budget, (n > 2 * cap ? n - cap : cap) * sizeof(int64_t)))
		return false;
	if (!VEC_FITS(sums->self, sums->cap, n))
		return false;
	memset(sums->self + before, 0, (n - before) * sizeof(*sums->self));
	sums->n = n;
	return true;
}

bool sums_add(struct sums *sums, const struct store_part *part)
{
	if (part->n > 0 && part->stacks[part->n - 1] >= sums->n && !make_room(sums))
		return false;
	for (size_t i = 0; i < part->n; i++) {
		int64_t *self = &sums->self[part->stacks[i]];

		*self = sums_plus(*self, part->values[i]);
	}
	return true;
}

bool sums_add_weighted(struct sums *sums, const struct store_part *part, double weight)
{
	if (part->n > 0 && part->stacks[part->n - 1] >= sums->n && !make_room(sums))
		return false;
	for (size_t i = 0; i < part->n; i++) {
		int64_t *self = &sums->self[part->stacks[i]];

		*self = sums_plus(*self, level_parts(part->values[i], weight));
	}
	return true;
}

static uint64_t size_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static uint64_t add_sizes(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* A parent's number is lower than its children's. */
bool sums_total(struct sums *sums)
{
	if (!budget_take(sums->budget, 2 * sums->n * sizeof(int64_t)))
		return false;
	sums->total = malloc((sums->n + 1) * sizeof(*sums->total));
	sums->weight = malloc((sums->n + 1) * sizeof(*sums->weight));
	if (!sums->total || !sums->weight)
		return false;
	if (sums->n > 0)
		memcpy(sums->total, sums->self, sums->n * sizeof(*sums->total));
	for (size_t i = 0; i < sums->n; i++)
		sums->weight[i] = size_of(sums->self[i]);
	for (size_t i = sums->n; i-- > 1;) {
		uint32_t parent = sums->nodes[i].parent;

		if (!sums->weight[i])
			continue;
		sums->total[parent] = sums_plus(sums->total[parent], sums->total[i]);
		sums->weight[parent] = add_sizes(sums->weight[parent], sums->weight[i]);
	}
	return true;
}
