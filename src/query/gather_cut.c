/* gather_cut: which stacks are large enough to be kept. */
#include "query/gather_impl.h"

#define BUCKETS 4096u /* of values: 64 powers of two, each in 64 parts */

static unsigned bucket_of(uint64_t size)
{
	unsigned power = 63u - (unsigned)__builtin_clzll(size | 1);
	uint64_t part = power > 6 ? size >> (power - 6) : size << (6 - power);

	return power * 64 + (unsigned)(part & 63);
}

/* The least whole number that is in the bucket or above it. */
static uint64_t least_of(unsigned bucket)
{
	unsigned power = bucket / 64;
	uint64_t part = 64 | (bucket & 63);

	return power > 6 ? part << (power - 6)
			 : (part + (1u << (6 - power)) - 1) >> (6 - power); /* rounded up */
}

/* So that nodes_max are left. */
void gather_find_least(struct gathering *g)
{
	size_t counts[BUCKETS] = { 0 }, kept = 0;
	unsigned bucket = BUCKETS;

	for (size_t s = 0; s < g->n_sums; s++)
		for (size_t i = 1; i < g->sums[s].of.n; i++)
			if (g->sums[s].of.weight[i] && gather_is_below(g, &g->sums[s], i)) {
				counts[bucket_of(g->sums[s].of.weight[i])]++;
				g->figures.nodes++;
			}
	g->least = 1;
	if (!g->options->nodes_max || g->figures.nodes <= g->options->nodes_max)
		return;
	while (bucket > 0 && kept + counts[bucket - 1] <= g->options->nodes_max)
		kept += counts[--bucket];
	g->least = bucket < BUCKETS ? least_of(bucket) : UINT64_MAX;
	g->edge = bucket - 1;
	g->budget = g->options->nodes_max - kept;
	g->figures.nodes_cut = g->figures.nodes - g->options->nodes_max;
}

bool gather_keeps(struct gathering *g, const struct gather_sum *sum, size_t stack)
{
	uint64_t weight = sum->of.weight[stack];

	if (!gather_is_below(g, sum, stack))
		return sum->along[stack] != GATHER_ASIDE;
	if (weight >= g->least)
		return true;
	if (!g->budget || bucket_of(weight) != g->edge)
		return false;
	g->budget--;
	return true;
}
