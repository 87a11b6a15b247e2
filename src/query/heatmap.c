/* heatmap: how many profiles, traces or spans had how much, over time. */
#include "query/heatmap.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "query/traces.h"
#include "store/step.h"

struct thing {
	int64_t begin_ns, value;
};

struct counting {
	struct thing *things; /* owned */
	size_t n, cap;
	uint64_t n_without;
	struct budget *budget;
	struct err *err;
};

static int add_thing(struct counting *c, int64_t begin_ns, int64_t value)
{
	struct thing *thing;

	if (value <= 0) {
		c->n_without++;
		return 0;
	}
	if (c->n == HEATMAP_THINGS_MAX)
		return err_set(c->err, ERR_LIMIT,
			"more than %u are selected: narrow the selection or the range",
			HEATMAP_THINGS_MAX);
	thing = budget_take(c->budget, 2 * sizeof(*thing)) ? VEC_ADD(c->things, c->n, c->cap)
							   : NULL;
	if (!thing)
		return budget_error(c->budget, c->err);
	*thing = (struct thing){ begin_ns, value };
	return 0;
}

static int on_profile(void *owner, const struct store_part *part)
{
	return add_thing(owner, part->begin_ns, part->total);
}

static int collect(struct counting *c, struct store *store, const struct heatmap_options *options)
{
	const struct store_scan scan = {
		.select = options->select, .apart = true, .part = on_profile, .owner = c
	};
	struct traces traces;
	int rc;

	if (options->by == HEATMAP_BY_PROFILE)
		return store_scan(store, &scan, c->err);
	rc = traces_find(store, options->select, options->by == HEATMAP_BY_TRACE, &traces, c->err);
	for (size_t i = 0; rc == 0 && i < traces.n; i++)
		rc = add_thing(c, traces.rows[i].begin_ns, traces.rows[i].total);
	traces_fini(&traces);
	return rc;
}

static void draw_edges(
	const struct counting *c, const struct heatmap_options *options, struct heatmap *into)
{
	double low = (double)c->things[0].value, high = low;

	for (size_t i = 1; i < c->n; i++) {
		low = fmin(low, (double)c->things[i].value);
		high = fmax(high, (double)c->things[i].value);
	}
	if (options->is_linear)
		low = 0;
	else if (high < 2 * low)
		high = 2 * low; /* a thousandth more or less makes no rows */
	for (unsigned i = 0; i <= into->n_rows; i++) {
		double part = (double)i / into->n_rows;

		into->edges[i] = options->is_linear ? high * part : low * pow(high / low, part);
	}
	into->edges[into->n_rows] = high;
}

/* The row whose lower edge is the last that is not above the value. */
static unsigned row_of(const struct heatmap *map, double value)
{
	unsigned low = 0, high = map->n_rows - 1;

	while (low < high) {
		unsigned middle = (low + high + 1) / 2;

		if (map->edges[middle] <= value)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static int draw(
	const struct counting *c, const struct heatmap_options *options, struct heatmap *into)
{
	into->n_without = c->n_without;
	if (c->n == 0)
		return 0;
	into->edges = calloc(into->n_rows + 1, sizeof(*into->edges));
	into->counts = calloc(into->n_rows * into->n_columns, sizeof(*into->counts));
	if (!into->edges || !into->counts)
		return budget_error(NULL, c->err);
	draw_edges(c, options, into);
	for (size_t i = 0; i < c->n; i++) {
		size_t column = step_of(options->select, options->step_ns, c->things[i].begin_ns);

		if (column >= into->n_columns)
			continue;
		into->n++;
		into->counts[row_of(into, (double)c->things[i].value) * into->n_columns + column]++;
	}
	return 0;
}

static int check(const struct heatmap_options *options, struct heatmap *into, struct err *err)
{
	uint64_t range = (uint64_t)(options->select->to_ns - options->select->from_ns), n;

	if (options->step_ns <= 0 || options->select->to_ns <= options->select->from_ns)
		return err_set(err, ERR_USAGE, "the step and the range have to be positive");
	if (options->rows == 0 || options->rows > HEATMAP_ROWS_MAX)
		return err_set(err, ERR_USAGE, "a heat map has 1 to %u rows", HEATMAP_ROWS_MAX);
	n = (range - 1) / (uint64_t)options->step_ns + 1;
	if (n > HEATMAP_CELLS_MAX / options->rows)
		return err_set(err, ERR_USAGE,
			"that would be %llu columns of %u rows; the limit is %u cells: ask for a "
			"longer step",
			(unsigned long long)n, options->rows, HEATMAP_CELLS_MAX);
	into->n_rows = options->rows;
	into->n_columns = (size_t)n;
	return 0;
}

int heatmap_make(struct store *store, const struct heatmap_options *options, struct heatmap *ret,
	struct err *err)
{
	struct err unseen = { 0 };
	struct counting c = { .budget = options->select->budget, .err = err ? err : &unseen };
	int rc;

	*ret = (struct heatmap){ 0 };
	rc = check(options, ret, c.err);
	if (rc == 0)
		rc = collect(&c, store, options);
	if (rc == 0)
		rc = draw(&c, options, ret);
	free(c.things);
	return rc;
}

void heatmap_fini(struct heatmap *heatmap)
{
	free(heatmap->edges);
	free(heatmap->counts);
	*heatmap = (struct heatmap){ 0 };
}
