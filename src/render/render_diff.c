/* render_diff: what changed between two profiles, as text. */
#include "render/render_diff.h"

#include <math.h>
#include <stdlib.h>

#include "model/change.h"
#include "model/confidence.h"
#include "model/merge.h"
#include "model/tree.h"
#include "render/codepoint.h"
#include "render/measure.h"
#include "render/truth.h"

#define PATH_FRAMES 6 /* of a stack, from the leaf */

enum side { BASE, NOW }; /* the sample types of merge_pair */

struct diff {
	const struct render_diff_options *o;
	struct profile *pair;
	double n_base, n_now; /* samples; 0 = not known */
	struct change change;
	struct buf *out;
};

/* A stack that ends here, and how its share differs. */
struct stack_row {
	uint32_t node;
	double base_share, share, margin;
};

static double size_of(const struct stack_row *row)
{
	return fabs(row->share - row->base_share);
}

static int by_size(const void *a, const void *b)
{
	const struct stack_row *row_a = a, *row_b = b;

	if (size_of(row_a) != size_of(row_b))
		return size_of(row_a) < size_of(row_b) ? 1 : -1;
	return (row_a->node > row_b->node) - (row_a->node < row_b->node);
}

static double share_of(double value, double whole)
{
	return whole > 0 ? value / whole : 0;
}

static void add_share(struct buf *out, double share)
{
	if (share > 0)
		buf_add_format(out, "%7.2f%% ", 100 * share);
	else
		buf_add_text(out, "       - ");
}

/* Both shares, and their difference in points; without a margin where none is known. */
static void add_numbers(struct buf *out, double base_share, double share, double margin)
{
	add_share(out, base_share);
	add_share(out, share);
	buf_add_format(out, "%+8.2f", 100 * (share - base_share));
	if (margin > 0)
		buf_add_format(out, " ± %-5.2f", 100 * margin);
	else
		buf_add_text(out, "        ");
}

static void add_function(const struct diff *d, const struct change_row *row)
{
	double base = (double)d->change.top.base_whole, now = (double)d->change.top.whole;
	double self =
		share_of((double)row->top->self, now) - share_of((double)row->top->base_self, base);

	add_numbers(d->out, row->base_share, row->share, (row->high - row->low) / 2);
	buf_add_format(d->out, " %+8.2f  ", 100 * self);
	codepoint_add_inert(d->out, strings_at(&d->change.top.names, row->top->name));
	buf_add_char(d->out, '\n');
}

static void add_no_function(const struct diff *d)
{
	if (d->n_base > 0 && d->n_now > 0)
		buf_add_text(d->out, "No function changed by more than chance explains.\n");
	else
		buf_add_text(d->out,
			"Whether the change is more than chance cannot be told: a profile does not "
			"say how many samples it is made of. --all shows the numbers.\n");
}

static bool wanted(const struct diff *d, const struct change_row *row)
{
	return row->is_significant || (d->o->all && row->share != row->base_share);
}

static void add_functions(const struct diff *d)
{
	size_t shown = 0;

	for (size_t i = 0; i < d->change.top.n_rows; i++) {
		const struct change_row *row = &d->change.rows[i];

		if (!wanted(d, row) || (d->o->rows_max && shown == d->o->rows_max))
			continue;
		if (shown++ == 0)
			buf_add_text(
				d->out, "    base      new   change ± 95 %     self  function\n");
		add_function(d, row);
	}
	if (!shown)
		add_no_function(d);
}

static void add_path(struct buf *out, const struct tree *tree, uint32_t node)
{
	uint32_t path[PATH_FRAMES];
	unsigned n = 0;

	for (; node && n < PATH_FRAMES; node = tree->parent[node])
		path[n++] = node;
	buf_add_text(out, node ? "  … → " : "  ");
	while (n-- > 0) {
		codepoint_add_inert(out, strings_at(&tree->names, tree->name[path[n]]));
		buf_add_text(out, n ? " → " : "\n");
	}
}

/* With the variance that the functions of these two profiles showed. */
static double margin_of(const struct diff *d, const struct stack_row *row)
{
	double m = row->share * d->n_now + row->base_share * d->n_base;
	double inflation = fmax(d->change.inflation, 1 + d->change.variation * m);

	if (!(d->n_base > 0) || !(d->n_now > 0))
		return 0;
	return CONFIDENCE_Z95 *
	       sqrt(inflation * (row->share * (1 - row->share) / d->n_now +
					row->base_share * (1 - row->base_share) / d->n_base));
}

/* The stacks that differ by more than their margin and by something worth a look: the functions
 * above gave the verdict, these say where. */
static size_t choose_stacks(const struct diff *d, const struct tree *tree, struct stack_row *rows)
{
	size_t n = 0;

	for (uint32_t i = 1; i < tree->n_nodes; i++) {
		struct stack_row row = { i,
			share_of((double)tree->base_self[i], (double)tree->base_total[0]),
			share_of((double)tree->self[i], (double)tree->total[0]), 0 };

		row.margin = margin_of(d, &row);
		if (row.margin > 0 && size_of(&row) > row.margin &&
			size_of(&row) >= CHANGE_POINTS_MIN)
			rows[n++] = row;
	}
	qsort(rows, n, sizeof(rows[0]), by_size);
	return d->o->rows_max && n > d->o->rows_max ? d->o->rows_max : n;
}

static int add_stacks(const struct diff *d, struct err *err)
{
	struct tree_options how = { .type = NOW, .base_type = BASE };
	struct stack_row *rows = NULL;
	struct tree tree;
	size_t n;
	int rc = tree_build(d->pair, &how, &tree, err);

	if (rc == 0)
		rows = calloc(tree.n_nodes + 1, sizeof(rows[0]));
	if (rc == 0 && !rows)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	n = rc == 0 ? choose_stacks(d, &tree, rows) : 0;
	if (n)
		buf_add_text(d->out, "\n    base      new   change ± 95 %  stack\n");
	for (size_t i = 0; i < n; i++) {
		add_numbers(d->out, rows[i].base_share, rows[i].share, rows[i].margin);
		add_path(d->out, &tree, rows[i].node);
	}
	free(rows);
	tree_fini(&tree);
	return rc;
}

static void add_side(
	const struct diff *d, const char *name, enum side side, const struct profile *profile)
{
	struct view unit = profile_text(d->pair, d->pair->types[side].unit);
	int64_t whole = profile_total(d->pair, side);

	buf_add_format(d->out, "%-5s ", name);
	measure_add(d->out, whole, measure_for(whole, unit), unit);
	buf_add_text(d->out, " · ");
	truth_line(profile, d->out);
	buf_add_char(d->out, '\n');
	truth_warnings(profile, d->out);
}

int render_diff_text(const struct profile *base, const struct profile *now,
	const struct render_diff_options *options, struct buf *out, struct err *err)
{
	PROFILE_AUTO pair = NULL;
	struct diff d = { .o = options, .out = out };
	int rc = merge_pair(base, now, options->type, &pair, err);

	if (rc < 0)
		return rc;
	d.pair = pair;
	d.n_base = (double)truth_samples(base);
	d.n_now = (double)truth_samples(now);
	rc = change_build(pair, d.n_base, d.n_now, &d.change, err);
	if (rc == 0) {
		add_side(&d, "base", BASE, base);
		add_side(&d, "new", NOW, now);
		buf_add_char(out, '\n');
		add_functions(&d);
		if (d.change.n_significant)
			rc = add_stacks(&d, err);
	}
	if (rc == 0 && out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	change_fini(&d.change);
	return rc;
}
