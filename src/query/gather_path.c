/* gather_path: which stacks go along a path of names. */
#include <inttypes.h>
#include <stdlib.h>

#include "query/gather_impl.h"
#include "query/stacknames.h"

/* A path through one dictionary: names are compared by their numbers. */
struct walk {
	const struct gathering *g;
	struct gather_sum *sum;
	struct stacknames names;
	uint32_t *wanted; /* the path's names; owned */
};

void gather_group_name(
	const struct gathering *g, const struct gather_sum *sum, size_t label, struct buf *out)
{
	struct view value = { 0 };

	if (sum->slot + 1 == g->n_slots)
		value = VIEW(GATHER_OTHERS);
	else
		value = groups_value(&g->groups, g->slots[sum->slot].group, label);
	if (value.len)
		buf_add_view(out, value);
	else
		buf_add_format(out, "(no %.*s)", (int)g->options->group[label].len,
			g->options->group[label].at);
}

/* How much of the path the names of the sum's group are. */
static uint16_t begin(const struct gathering *g, const struct gather_sum *sum)
{
	const struct gather_options *o = g->options;
	size_t n = o->n_group < o->n_path ? o->n_group : o->n_path;

	for (size_t i = 0; i < n; i++) {
		BUF_AUTO name = { 0 };

		gather_group_name(g, sum, i, &name);
		if (!view_equal(buf_view(&name), o->path[i]))
			return GATHER_ASIDE;
	}
	return (uint16_t)n;
}

/* Where a stack is that goes one location further than `before`. */
static uint16_t go(const struct walk *w, uint16_t before, size_t stack)
{
	size_t n_path = w->g->options->n_path, n, at = before;
	const struct frame *frames;

	if (before == GATHER_ASIDE || before == n_path)
		return before;
	frames = stacknames_frames(&w->names, &w->sum->of.nodes[stack], &n);
	for (; n > 0 && at < n_path; n--, at++)
		if (frames[n - 1].name != w->wanted[at])
			return GATHER_ASIDE;
	return (uint16_t)at;
}

static bool follow(struct walk *w)
{
	struct gather_sum *sum = w->sum;
	bool found = false;

	for (size_t i = 1; i < sum->of.n; i++) {
		sum->along[i] = go(w, sum->along[w->sum->of.nodes[i].parent], i);
		found |= sum->along[i] == w->g->options->n_path && sum->of.weight[i];
	}
	return found;
}

static int follow_names(struct walk *w, bool *found)
{
	const struct gather_options *o = w->g->options;
	const struct stacknames_options how = { o->select->budget, w->g->names, o->select->tenant };
	int rc = stacknames_init(&w->names, w->sum->of.dictionary, &how, w->g->err);

	w->wanted = calloc(o->n_path + 1, sizeof(*w->wanted));
	if (rc == 0 && !w->wanted)
		rc = err_set(w->g->err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < o->n_path; i++)
		w->wanted[i] = stacknames_find(&w->names, o->path[i]);
	if (rc == 0)
		*found |= follow(w);
	stacknames_fini(&w->names, o->select->budget);
	free(w->wanted);
	return rc;
}

static int follow_sum(struct gathering *g, struct gather_sum *sum, bool *found)
{
	struct walk walk = { .g = g, .sum = sum };

	if (!budget_take(g->options->select->budget, sum->of.n * sizeof(*sum->along)))
		return gather_no_memory(g);
	sum->along = calloc(sum->of.n + 1, sizeof(*sum->along));
	if (!sum->along)
		return gather_no_memory(g);
	sum->along[0] = begin(g, sum);
	if (sum->along[0] != GATHER_ASIDE && sum->along[0] < g->options->n_path)
		return follow_names(&walk, found);
	*found |= sum->along[0] != GATHER_ASIDE;
	for (size_t i = 1; i < sum->of.n; i++)
		sum->along[i] = sum->along[0];
	return 0;
}

int gather_follow_path(struct gathering *g)
{
	bool found = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->n_sums; i++)
		rc = follow_sum(g, &g->sums[i], &found);
	if (rc == 0 && !found)
		return err_set(g->err, ERR_NOT_FOUND,
			"no stack that is selected goes along this path: its end is '%.*s'",
			(int)(g->options->path[g->options->n_path - 1].len % 200),
			g->options->path[g->options->n_path - 1].at);
	return rc;
}
