/* render_diff: what changed between two profiles, as text. */
#include "render/render_diff.h"

#include <math.h>
#include <stdlib.h>

#include "model/change.h"
#include "model/merge.h"
#include "model/top.h"
#include "model/tree.h"
#include "render/codepoint.h"
#include "render/measure.h"
#include "render/truth.h"

#define PATH_FRAMES 6 /* of a stack, from the leaf */

enum side { BASE, NOW }; /* the sample types of merge_pair */

struct row {
	struct change change; /* of what is shown first: total of a function, self of a stack */
	double self_points;   /* change of a function's self share, in points */
	uint32_t id;          /* of the row or node it was made from */
};

struct table {
	struct row *rows; /* owned */
	size_t n;
	size_t n_sure, n_shown;
};

struct diff {
	const struct render_diff_options *o;
	struct profile *pair;
	double n_base, n_now; /* samples */
	struct buf *out;
};

static double share(double value, double whole)
{
	return whole > 0 ? value / whole : 0;
}

static double points(const struct row *row)
{
	return 100 * (row->change.now - row->change.base);
}

static int by_size(const void *a, const void *b)
{
	double of_a = fabs(points(a)), of_b = fabs(points(b));

	if (of_a != of_b)
		return of_a < of_b ? 1 : -1;
	return (((const struct row *)a)->id > ((const struct row *)b)->id) -
	       (((const struct row *)a)->id < ((const struct row *)b)->id);
}

/* q-values over the whole table, then what is to be shown comes first, largest change first. */
static int settle(const struct diff *d, struct table *t, struct err *err)
{
	struct change **changes = malloc((t->n + 1) * sizeof(struct change *));
	bool ok = changes != NULL;

	for (size_t i = 0; ok && i < t->n; i++)
		changes[i] = &t->rows[i].change;
	ok = ok && change_adjust(changes, t->n);
	free(changes);
	if (!ok)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < t->n; i++) {
		bool sure = change_is_sure(&t->rows[i].change);

		t->n_sure += sure;
		if (sure || (d->o->all && points(&t->rows[i]) != 0))
			t->rows[t->n_shown++] = t->rows[i];
	}
	qsort(t->rows, t->n_shown, sizeof(t->rows[0]), by_size);
	if (d->o->rows_max && t->n_shown > d->o->rows_max)
		t->n_shown = d->o->rows_max;
	return 0;
}

static void add_share(struct buf *out, double of_whole)
{
	if (of_whole > 0)
		buf_add_format(out, "%7.2f%%", 100 * of_whole);
	else
		buf_add_text(out, "       -");
}

static void add_numbers(struct buf *out, const struct row *row)
{
	add_share(out, row->change.base);
	buf_add_char(out, ' ');
	add_share(out, row->change.now);
	buf_add_format(out, " %+8.2f", points(row));
	if (row->change.margin > 0)
		buf_add_format(out, " ± %-5.2f", 100 * row->change.margin);
	else
		buf_add_text(out, "        ");
}

static void add_nothing(const struct diff *d, const char *what)
{
	if (d->n_base > 0 && d->n_now > 0)
		buf_add_format(d->out, "No %s changed by more than chance explains.\n", what);
	else
		buf_add_format(d->out,
			"Of %ss nothing can be said: a profile does not tell how many samples it "
			"is made of (--all shows the numbers).\n",
			what);
}

static void add_functions(const struct diff *d, const struct table *t, const struct top *top)
{
	if (!t->n_shown) {
		add_nothing(d, "function");
		return;
	}
	buf_add_text(d->out, "    base      new   change ± 95 %     self  function\n");
	for (size_t i = 0; i < t->n_shown; i++) {
		add_numbers(d->out, &t->rows[i]);
		buf_add_format(d->out, " %+8.2f  ", t->rows[i].self_points);
		codepoint_add_inert(d->out, strings_at(&top->names, top->rows[t->rows[i].id].name));
		buf_add_char(d->out, '\n');
	}
}

static int functions(const struct diff *d, struct err *err)
{
	struct top_options how = { .type = NOW, .base_type = BASE, .order = TOP_BY_CHANGE };
	struct table t = { 0 };
	struct top top;
	int rc = top_build(d->pair, &how, &top, err);

	t.rows = rc == 0 ? calloc(top.n_rows + 1, sizeof(t.rows[0])) : NULL;
	if (rc == 0 && !t.rows)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (; rc == 0 && t.n < top.n_rows; t.n++) {
		const struct top_row *row = &top.rows[t.n];
		double base = (double)top.base_whole, now = (double)top.whole;

		t.rows[t.n] = (struct row){ .id = (uint32_t)t.n,
			.change = change_of(share((double)row->base_total, base), d->n_base,
				share((double)row->total, now), d->n_now),
			.self_points = 100 * (share((double)row->self, now) -
						     share((double)row->base_self, base)) };
	}
	if (rc == 0)
		rc = settle(d, &t, err);
	if (rc == 0)
		add_functions(d, &t, &top);
	free(t.rows);
	top_fini(&top);
	return rc;
}

static void add_path(struct buf *out, const struct tree *tree, uint32_t node)
{
	uint32_t path[PATH_FRAMES];
	unsigned n = 0;

	for (; node && n < PATH_FRAMES; node = tree->parent[node])
		path[n++] = node;
	buf_add_text(out, node ? "… → " : "");
	while (n-- > 0) {
		codepoint_add_inert(out, strings_at(&tree->names, tree->name[path[n]]));
		buf_add_text(out, n ? " → " : "\n");
	}
}

static void add_stacks(const struct diff *d, const struct table *t, const struct tree *tree)
{
	if (!t->n_shown) {
		add_nothing(d, "stack");
		return;
	}
	buf_add_text(d->out, "    base      new   change ± 95 %  stack\n");
	for (size_t i = 0; i < t->n_shown; i++) {
		add_numbers(d->out, &t->rows[i]);
		buf_add_text(d->out, "  ");
		add_path(d->out, tree, t->rows[i].id);
	}
}

static int stacks(const struct diff *d, struct err *err)
{
	struct tree_options how = { .type = NOW, .base_type = BASE };
	struct table t = { 0 };
	struct tree tree;
	int rc = tree_build(d->pair, &how, &tree, err);

	t.rows = rc == 0 ? calloc(tree.n_nodes + 1, sizeof(t.rows[0])) : NULL;
	if (rc == 0 && !t.rows)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (uint32_t i = 1; rc == 0 && i < tree.n_nodes; i++)
		if (tree.self[i] || tree.base_self[i])
			t.rows[t.n++] = (struct row){ .id = i,
				.change = change_of(share((double)tree.base_self[i],
							    (double)tree.base_total[0]),
					d->n_base,
					share((double)tree.self[i], (double)tree.total[0]),
					d->n_now) };
	if (rc == 0)
		rc = settle(d, &t, err);
	if (rc == 0)
		add_stacks(d, &t, &tree);
	free(t.rows);
	tree_fini(&tree);
	return rc;
}

static void add_side(
	const struct diff *d, const char *name, enum side side, const struct profile *profile)
{
	struct buf *out = d->out;
	struct view unit = profile_text(d->pair, d->pair->types[side].unit);
	int64_t whole = profile_total(d->pair, side);

	buf_add_format(out, "%-5s ", name);
	measure_add(out, whole, measure_for(whole, unit), unit);
	buf_add_text(out, " · ");
	truth_line(profile, out);
	buf_add_char(out, '\n');
	truth_warnings(profile, out);
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
	add_side(&d, "base", BASE, base);
	add_side(&d, "new", NOW, now);
	buf_add_char(out, '\n');
	rc = functions(&d, err);
	if (rc == 0) {
		buf_add_char(out, '\n');
		rc = stacks(&d, err);
	}
	if (rc == 0 && out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}
