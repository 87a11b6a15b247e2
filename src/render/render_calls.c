/* render_calls: who calls whom, as text: around a function, or from the roots down. */
#include "render/render_calls.h"

#include <stdlib.h>

#include "model/peek.h"
#include "model/tree.h"
#include "render/codepoint.h"
#include "render/text_table.h"

#define INDENT_MAX 60 /* columns; deeper calls say their depth */

/* ---- around a function ---- */

#define RULE "----------------------------------------------------------+-------------\n"

static void add_edges(
	struct text_table *t, const struct peek *peek, const struct peek_edge *edges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_clear(&t->cell);
		measure_add(&t->cell, edges[i].value, t->measure, t->unit);
		t->out->failed |= t->cell.failed;
		for (size_t column = t->cell.len; column < 50; column++)
			buf_add_char(t->out, ' ');
		buf_add_view(t->out, buf_view(&t->cell));
		buf_add_char(t->out, ' ');
		measure_add_percent(t->out, (double)edges[i].value, (double)peek->total);
		buf_add_text(t->out, " |   ");
		codepoint_add_inert(t->out, strings_at(&peek->names, edges[i].name));
		buf_add_char(t->out, '\n');
	}
}

static int add_look(
	struct text_table *t, const struct top_row *row, int64_t so_far, struct err *err)
{
	struct view name = strings_at(&t->top.names, row->name);
	struct peek_options how = {
		.name = name, .type = t->type, .granularity = t->o->granularity
	};
	struct peek peek;
	int rc = peek_build(t->profile, &how, &peek, err);

	if (rc == 0) {
		buf_add_text(t->out, RULE);
		add_edges(t, &peek, peek.callers, peek.n_callers);
		text_table_cell(t, row->self);
		buf_add_char(t->out, ' ');
		text_table_share(t, row->self);
		buf_add_char(t->out, ' ');
		text_table_share(t, so_far);
		buf_add_char(t->out, ' ');
		text_table_cell(t, row->total);
		buf_add_char(t->out, ' ');
		text_table_share(t, row->total);
		buf_add_text(t->out, "                | ");
		codepoint_add_inert(t->out, name);
		buf_add_char(t->out, '\n');
		add_edges(t, &peek, peek.callees, peek.n_callees);
	}
	peek_fini(&peek);
	return rc;
}

static int add_looks(struct text_table *t, const struct filter_text *names, struct err *err)
{
	size_t max = t->o->rows_max ? t->o->rows_max : RENDER_CALLS_PEEK_MAX, n = 0;
	int64_t so_far = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < t->n_kept; i++) {
		const struct top_row *row = &t->top.rows[i];

		if (!names->matches(names->state, strings_at(&t->top.names, row->name)) ||
			n++ >= max)
			continue;
		so_far = text_table_sum(so_far, row->self);
		rc = add_look(t, row, so_far, err);
	}
	if (rc == 0 && n == 0)
		return err_set(err, ERR_NOT_FOUND, "no function of the profile matches");
	buf_add_text(t->out, RULE);
	if (n > max)
		buf_add_format(t->out, "%zu more %s; -n shows more of them\n", n - max,
			n - max == 1 ? "function matches" : "functions match");
	return rc;
}

int render_calls_peek(const struct profile *profile, const struct render_text_options *options,
	const struct filter_text *names, struct buf *out, struct err *err)
{
	struct render_text_options all = *options;
	struct text_table t = { .profile = profile, .o = &all, .out = out };
	int rc;

	all.fraction_min = 0;
	all.rows_max = 0;
	rc = text_table_build(&t, err);
	all.rows_max = options->rows_max;
	if (rc == 0) {
		if (options->with_header) {
			text_table_origin(&t);
			text_table_left_out(&t);
		}
		buf_add_text(out,
			RULE "      flat  flat%   sum%        cum   cum%   calls calls% + "
			     "context\n");
		rc = add_looks(&t, names, err);
	}
	return text_table_finish(&t, rc, err);
}

/* ---- from the roots down ---- */

/* Nodes still to write, the next one last. */
struct agenda {
	uint32_t *at; /* owned */
	size_t n, written, left_out;
};

struct child {
	uint32_t node;
	uint64_t total;
};

static int lightest_first(const void *left, const void *right)
{
	const struct child *a = left, *b = right;

	if (a->total != b->total)
		return a->total < b->total ? -1 : 1;
	return a->node > b->node ? -1 : a->node < b->node;
}

static bool add_children(
	const struct tree *tree, uint32_t node, uint64_t cutoff, struct agenda *agenda)
{
	uint32_t n = tree->n_children[node], kept = 0;
	struct child *children = n ? calloc(n, sizeof(*children)) : NULL;

	if (n && !children)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t child = tree->first_child[node] + i;

		if (tree->total[child] >= cutoff)
			children[kept++] = (struct child){ child, tree->total[child] };
		else
			agenda->left_out++;
	}
	if (kept)
		qsort(children, kept, sizeof(*children), lightest_first);
	for (uint32_t i = 0; i < kept; i++)
		agenda->at[agenda->n++] = children[i].node;
	free(children);
	return true;
}

static int64_t signed_of(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static void add_node(struct text_table *t, const struct tree *tree, uint32_t node)
{
	unsigned depth = tree->depth[node];

	text_table_cell(t, signed_of(tree->total[node]));
	buf_add_char(t->out, ' ');
	text_table_share(t, signed_of(tree->total[node]));
	buf_add_char(t->out, ' ');
	text_table_cell(t, signed_of(tree->self[node]));
	for (unsigned i = 0; i < 2 + depth && i < INDENT_MAX; i++)
		buf_add_char(t->out, ' ');
	if (2 + depth > INDENT_MAX)
		buf_add_format(t->out, "(%u) ", depth);
	codepoint_add_inert(t->out, strings_at(&tree->names, tree->name[node]));
	buf_add_char(t->out, '\n');
}

static bool add_nodes(struct text_table *t, const struct tree *tree, struct agenda *agenda)
{
	size_t max = t->o->rows_max ? t->o->rows_max : SIZE_MAX;

	agenda->at[agenda->n++] = 0;
	while (agenda->n && agenda->written < max) {
		uint32_t node = agenda->at[--agenda->n];

		add_node(t, tree, node);
		agenda->written++;
		if (t->out->failed || !add_children(tree, node, t->cutoff, agenda))
			return false;
	}
	agenda->left_out += agenda->n;
	if (agenda->left_out)
		buf_add_format(t->out, "%zu %s left out; --all and -n show more\n",
			agenda->left_out, agenda->left_out == 1 ? "branch is" : "branches are");
	if (tree->was_folded)
		buf_add_format(t->out, "Calls deeper than %u are counted in the last one shown\n",
			tree->max_depth);
	if (tree->had_negative)
		buf_add_text(t->out, "Negative values are counted as 0\n");
	return true;
}

static int add_tree(struct text_table *t, struct err *err)
{
	struct tree_options how = {
		.type = t->type, .base_type = -1, .granularity = t->o->granularity
	};
	struct agenda agenda = { 0 };
	struct tree tree;
	int rc = tree_build(t->profile, &how, &tree, err);

	if (rc == 0)
		agenda.at = malloc((tree.n_nodes + 1) * sizeof(*agenda.at));
	if (rc == 0 && (!agenda.at || !add_nodes(t, &tree, &agenda)))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	free(agenda.at);
	tree_fini(&tree);
	return rc;
}

int render_calls_tree(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct render_text_options all = *options;
	struct text_table t = { .profile = profile, .o = &all, .out = out };
	int rc;

	all.rows_max = 0;
	rc = text_table_build(&t, err);
	all.rows_max = options->rows_max;
	if (rc == 0) {
		if (options->with_header)
			text_table_origin(&t);
		buf_add_text(out, "     total  share       self  call\n");
		rc = add_tree(&t, err);
	}
	return text_table_finish(&t, rc, err);
}
