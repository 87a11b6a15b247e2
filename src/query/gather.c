/* gather: many profiles of a store as one. */
#include "query/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "store/dictionary.h"

#define BUCKETS 4096u /* of values: 64 powers of two, each in 64 parts */

struct sum { /* over the stacks of one dictionary */
	struct store_dictionary *dictionary;
	int64_t *self, *total; /* by number of stack; owned */
	uint64_t *weight;      /* as total, of |self|: what is there, even if it adds up to 0 */
	size_t n, cap;
};

struct gathering {
	const struct gather_options *options;
	struct sum *sums;
	size_t n_sums, cap_sums;
	struct map sum_of;    /* id of a dictionary to its index */
	struct map series_of; /* ids of series that were met */
	struct gather_figures figures;
	struct profile *into;
	uint64_t least;  /* what weighs as much is kept */
	unsigned edge;   /* the bucket below: of its nodes only … */
	uint64_t budget; /* … so many, parents before their children */
	struct err *err;
};

static int no_memory(struct gathering *g)
{
	return err_set(g->err, ERR_NOMEM, "out of memory");
}

static uint64_t size_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static struct sum *sum_of(struct gathering *g, const struct store_dictionary *dictionary)
{
	bool is_new;
	uint64_t *slot = map_add(&g->sum_of, dictionary_id(dictionary), &is_new);
	struct sum *sum;

	if (!slot)
		return NULL;
	if (!is_new)
		return &g->sums[*slot];
	sum = VEC_ADD(g->sums, g->n_sums, g->cap_sums);
	if (!sum)
		return NULL;
	*slot = g->n_sums - 1;
	*sum = (struct sum){ .dictionary = dictionary_ref(dictionary) };
	return sum;
}

static bool make_room(struct sum *sum)
{
	size_t n, before = sum->n;

	dictionary_nodes(sum->dictionary, &n);
	if (n <= sum->n)
		return true;
	if (!VEC_FITS(sum->self, sum->cap, n))
		return false;
	memset(sum->self + before, 0, (n - before) * sizeof(*sum->self));
	sum->n = n;
	return true;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct gathering *g = owner;
	struct sum *sum = sum_of(g, part->dictionary);

	if (!sum || !make_room(sum) || !map_add(&g->series_of, part->series->id, NULL))
		return no_memory(g);
	for (size_t i = 0; i < part->n; i++)
		sum->self[part->stacks[i]] = add(sum->self[part->stacks[i]], part->values[i]);
	g->figures.profiles += part->n_profiles;
	return 0;
}

static uint64_t add_sizes(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* A parent's number is lower than its children's. */
static int make_totals(struct gathering *g, struct sum *sum)
{
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(sum->dictionary, &n);

	sum->total = malloc((sum->n + 1) * sizeof(*sum->total));
	sum->weight = malloc((sum->n + 1) * sizeof(*sum->weight));
	if (!sum->total || !sum->weight)
		return no_memory(g);
	memcpy(sum->total, sum->self, sum->n * sizeof(*sum->total));
	for (size_t i = 0; i < sum->n; i++)
		sum->weight[i] = size_of(sum->self[i]);
	for (size_t i = sum->n; i-- > 1;) {
		uint32_t parent = nodes[i].parent;

		if (!sum->weight[i])
			continue;
		sum->total[parent] = add(sum->total[parent], sum->total[i]);
		sum->weight[parent] = add_sizes(sum->weight[parent], sum->weight[i]);
	}
	return 0;
}

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
static void find_least(struct gathering *g)
{
	size_t counts[BUCKETS] = { 0 }, kept = 0;
	unsigned bucket = BUCKETS;

	for (size_t s = 0; s < g->n_sums; s++)
		for (size_t i = 1; i < g->sums[s].n; i++)
			if (g->sums[s].weight[i]) {
				counts[bucket_of(g->sums[s].weight[i])]++;
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

/* What a sum's nodes are in the profile. */
struct naming {
	struct gathering *g;
	const struct sum *sum;
	const struct dictionary_node *nodes;
	uint32_t *stack;    /* of a node; PROFILE_NONE if it is cut off */
	uint32_t *location; /* of a frame, plus one; 0 = not asked for */
	int64_t *other;     /* what was cut off below a node */
};

static uint32_t location_of(struct naming *n, uint32_t frame)
{
	if (!n->location[frame])
		n->location[frame] = dictionary_location(n->sum->dictionary, frame, n->g->into) + 1;
	return n->location[frame] - 1;
}

static bool is_kept(struct gathering *g, uint64_t weight)
{
	if (weight >= g->least)
		return true;
	if (!g->budget || bucket_of(weight) != g->edge)
		return false;
	g->budget--;
	return true;
}

static void place(struct naming *n, size_t i)
{
	uint32_t parent = n->nodes[i].parent;
	uint64_t weight = n->sum->weight[i];

	n->stack[i] = PROFILE_NONE;
	if (n->stack[parent] == PROFILE_NONE || weight == 0)
		return;
	if (!is_kept(n->g, weight))
		n->other[parent] = add(n->other[parent], n->sum->total[i]);
	else
		n->stack[i] = profile_push(
			n->g->into, n->stack[parent], location_of(n, n->nodes[i].frame));
}

static void give(struct naming *n, size_t i, uint32_t other)
{
	struct profile *into = n->g->into;

	if (n->stack[i] == PROFILE_NONE)
		return;
	if (n->sum->self[i])
		profile_add(into, n->stack[i], 0, &n->sum->self[i]);
	if (n->other[i])
		profile_add(into, profile_push(into, n->stack[i], other), 0, &n->other[i]);
}

static int name(struct gathering *g, const struct sum *sum)
{
	size_t n_nodes, n_frames = dictionary_frames(sum->dictionary);
	struct naming n = { .g = g, .sum = sum };
	uint32_t other = profile_named(g->into, VIEW(GATHER_OTHER));
	int rc = 0;

	n.nodes = dictionary_nodes(sum->dictionary, &n_nodes);
	n.stack = calloc(sum->n + 1, sizeof(*n.stack));
	n.other = calloc(sum->n + 1, sizeof(*n.other));
	n.location = calloc(n_frames + 1, sizeof(*n.location));
	if (!n.stack || !n.other || !n.location) {
		rc = no_memory(g);
	} else {
		n.stack[0] = STACK_EMPTY;
		for (size_t i = 1; i < sum->n; i++)
			place(&n, i);
		for (size_t i = 0; i < sum->n; i++)
			give(&n, i, other);
		if (g->into->failed)
			rc = no_memory(g);
	}
	free(n.stack);
	free(n.other);
	free(n.location);
	return rc;
}

static int begin_profile(struct gathering *g)
{
	const struct store_select *select = g->options->select;
	struct profile *into = g->into = profile_new();

	if (!into)
		return no_memory(g);
	if (profile_add_type(into, select->type.type, select->type.unit, g->err))
		return g->err->code;
	into->period_type = (struct value_type){ profile_string(into, select->type.period_type),
		profile_string(into, select->type.period_unit) };
	into->time_ns = select->from_ns;
	into->duration_ns = select->to_ns - select->from_ns;
	return 0;
}

static int run(struct gathering *g, struct store *store)
{
	const struct store_scan scan = {
		.select = g->options->select, .detail = STORE_STACKS, .part = on_part, .owner = g
	};
	int rc = begin_profile(g);

	if (rc == 0)
		rc = store_scan(store, &scan, g->err);
	for (size_t i = 0; rc == 0 && i < g->n_sums; i++)
		rc = make_totals(g, &g->sums[i]);
	if (rc == 0)
		find_least(g);
	for (size_t i = 0; rc == 0 && i < g->n_sums; i++)
		rc = name(g, &g->sums[i]);
	return rc;
}

int gather(struct store *store, const struct gather_options *options, struct profile **ret,
	struct gather_figures *ret_figures, struct err *err)
{
	struct err unseen = { 0 };
	struct gathering g = { .options = options, .err = err ? err : &unseen };
	int rc = run(&g, store);

	g.figures.series = g.series_of.count;
	for (size_t i = 0; i < g.n_sums; i++) {
		dictionary_unref(g.sums[i].dictionary);
		free(g.sums[i].self);
		free(g.sums[i].total);
		free(g.sums[i].weight);
	}
	free(g.sums);
	map_fini(&g.sum_of);
	map_fini(&g.series_of);
	if (rc < 0) {
		profile_free(g.into);
		g.into = NULL;
	}
	*ret = g.into;
	if (ret_figures)
		*ret_figures = g.figures;
	return rc;
}
