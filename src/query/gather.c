/* gather: many profiles of a store as one. */
#include "query/gather.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "debuginfo/latenames.h"
#include "query/gather_impl.h"
#include "query/timeline.h"

/* What a node takes as part of a profile, of a tree and of a picture: about. */
#define NODE_BYTES 200u

int gather_no_memory(struct gathering *g)
{
	return budget_error(g->options->select->budget, g->err);
}

/* ---- groups ---- */

static int add_slots(struct gathering *g, const struct timeline *totals)
{
	size_t max = g->options->groups_max ? g->options->groups_max : GATHER_GROUPS_DEFAULT;
	size_t n = totals->n_lines < max ? totals->n_lines : max;

	g->n_known = g->groups.n;
	g->slot_of = malloc((g->n_known + 1) * sizeof(*g->slot_of));
	g->slots = calloc(n + 1, sizeof(*g->slots));
	if (!g->slot_of || !g->slots)
		return gather_no_memory(g);
	g->n_slots = n + 1;
	for (size_t i = 0; i < g->n_known; i++)
		g->slot_of[totals->lines[i].group] = (uint32_t)(i < n ? i : n);
	for (size_t i = 0; i < n; i++)
		g->slots[i].group = totals->lines[i].group;
	g->figures.groups_joined = g->n_known - n;
	return 0;
}

/* The groups with the largest totals are told apart: so totals come first. */
static int choose_groups(struct gathering *g, struct store *store)
{
	const struct store_select *select = g->options->select;
	const struct timeline_options options = { .select = select,
		.step_ns = INT64_MAX,
		.group = g->options->group,
		.n_group = g->options->n_group,
		.lines_max = UINT32_MAX };
	struct timeline totals = { 0 };
	int rc = 0;

	if (g->options->n_group > 0)
		rc = timeline_make(store, &options, &totals, g->err);
	if (rc == 0) {
		g->groups = totals.groups;
		totals.groups = (struct groups){ 0 };
		rc = add_slots(g, &totals);
	}
	timeline_fini(&totals);
	return rc;
}

/* A group that was not there a moment ago is one of the others. */
static uint32_t slot_of(struct gathering *g, const struct store_series *series)
{
	uint32_t group;
	bool is_new;

	if (g->options->n_group == 0)
		return 0;
	group = groups_of(&g->groups, series, &is_new);
	if (group == GROUPS_NONE)
		return GROUPS_NONE;
	g->figures.groups_joined += is_new;
	return group < g->n_known ? g->slot_of[group] : (uint32_t)g->n_slots - 1;
}

/* ---- sums ---- */

static struct gather_sum *sum_of(struct gathering *g, const struct store_part *part)
{
	uint32_t slot = slot_of(g, part->series);
	struct gather_sum *sum;
	uint64_t *place;
	bool is_new;

	if (slot == GROUPS_NONE)
		return NULL;
	place = map_add(&g->slots[slot].sums, dictionary_id(part->dictionary), &is_new);
	if (!place)
		return NULL;
	if (!is_new)
		return &g->sums[*place];
	sum = VEC_ADD(g->sums, g->n_sums, g->cap_sums);
	if (!sum)
		return NULL;
	*place = g->n_sums - 1;
	*sum = (struct gather_sum){ .slot = slot };
	sums_init(&sum->of, part->dictionary, g->options->select->budget);
	return sum;
}

static bool add(struct gathering *g, const struct store_part *part)
{
	struct gather_sum *sum = sum_of(g, part);

	if (!sum)
		return false;
	if (g->level.is_one)
		return sums_add(&sum->of, part);
	return sums_add_weighted(&sum->of, part, level_weight(&g->level, part->series->id));
}

static int on_part(void *owner, const struct store_part *part)
{
	struct gathering *g = owner;

	if (!add(g, part) || !map_add(&g->series_of, part->series->id, NULL))
		return gather_no_memory(g);
	g->figures.profiles += part->n_profiles;
	return 0;
}

/* ---- all of it ---- */

static int begin_profile(struct gathering *g)
{
	const struct store_select *select = g->options->select;
	struct profile *into = g->into = profile_new();

	if (!into)
		return gather_no_memory(g);
	if (profile_add_type(into, select->type.type, select->type.unit, g->err))
		return g->err->code;
	into->period_type = (struct value_type){ profile_string(into, select->type.period_type),
		profile_string(into, select->type.period_unit) };
	into->time_ns = select->from_ns;
	into->duration_ns = select->to_ns - select->from_ns;
	return 0;
}

static bool finish_sum(const struct gathering *g, struct sums *sums)
{
	if (!g->level.is_one)
		level_settle(sums->self, sums->n);
	return sums_total(sums);
}

/* In time or not at all: who has been waiting for long is told so. */
static int name_addresses(struct gathering *g)
{
	const struct store_select *select = g->options->select;
	struct latenames_figures named;

	latenames_apply(g->names, select->tenant, g->into, &named);
	g->figures.addresses = named.addresses;
	g->figures.unnamed = named.unnamed;
	if (g->into->failed)
		return gather_no_memory(g);
	return budget_check(select->budget, g->err);
}

static int take_nodes(struct gathering *g)
{
	uint64_t n = g->figures.nodes - g->figures.nodes_cut;
	char why[ERR_TEXT_MAX];
	int rc;

	if (budget_take(g->options->select->budget, n * NODE_BYTES))
		return 0;
	rc = gather_no_memory(g);
	snprintf(why, sizeof(why), "%s", g->err->text);
	return err_set(g->err, rc, "%s, or keep the heaviest of its %llu nodes alone (max_nodes)",
		why, (unsigned long long)n);
}

static int run(struct gathering *g, struct store *store)
{
	const struct store_scan scan = {
		.select = g->options->select, .detail = STORE_STACKS, .part = on_part, .owner = g
	};
	int rc = begin_profile(g);

	g->level.is_one = true;
	if (rc == 0 && !g->options->levels_summed)
		rc = level_init(&g->level, store, g->options->select, g->err);
	if (rc == 0)
		rc = choose_groups(g, store);
	if (rc == 0)
		rc = store_scan(store, &scan, g->err);
	for (size_t i = 0; rc == 0 && i < g->n_sums; i++)
		rc = finish_sum(g, &g->sums[i].of) ? 0 : gather_no_memory(g);
	if (rc == 0 && g->options->n_path > 0)
		rc = gather_follow_path(g);
	if (rc == 0)
		gather_find_least(g);
	if (rc == 0)
		rc = take_nodes(g);
	for (size_t i = 0; rc == 0 && i < g->n_sums; i++)
		rc = gather_name(g, &g->sums[i]);
	return rc == 0 ? name_addresses(g) : rc;
}

static void dispose(struct gathering *g)
{
	for (size_t i = 0; i < g->n_sums; i++) {
		sums_fini(&g->sums[i].of);
		free(g->sums[i].along);
	}
	for (size_t i = 0; i < g->n_slots; i++)
		map_fini(&g->slots[i].sums);
	free(g->sums);
	free(g->slots);
	free(g->slot_of);
	groups_fini(&g->groups);
	map_fini(&g->series_of);
	level_fini(&g->level);
}

static int check(const struct gather_options *options, struct err *err)
{
	if (options->n_path > GATHER_PATH_MAX)
		return err_set(err, ERR_USAGE, "a path has at most %u frames", GATHER_PATH_MAX);
	if (options->groups_max > GATHER_GROUPS_MAX)
		return err_set(
			err, ERR_USAGE, "at most %u groups can be told apart", GATHER_GROUPS_MAX);
	return 0;
}

int gather(struct store *store, const struct gather_options *options, struct profile **ret,
	struct gather_figures *ret_figures, struct err *err)
{
	struct err unseen = { 0 };
	struct gathering g = {
		.options = options, .names = store_names(store), .err = err ? err : &unseen
	};
	int rc = check(options, g.err);

	if (rc == 0)
		rc = run(&g, store);
	g.figures.series = g.series_of.count;
	g.figures.groups = g.groups.n;
	dispose(&g);
	if (rc < 0) {
		profile_free(g.into);
		g.into = NULL;
	}
	*ret = g.into;
	if (ret_figures)
		*ret_figures = g.figures;
	return rc;
}
