/* render_dot: a call graph in the language of Graphviz. */
#include "render/render_dot.h"

#include <math.h>

#include "model/callgraph.h"
#include "render/measure.h"
#include "wire/utf8.h"

#define FONT_MIN 8.0
#define FONT_RANGE 16.0
#define PEN_RANGE 5.0
#define NAME_MAX_LEN ((size_t)200)

struct dot {
	const struct tree *tree;
	const struct render_dot_options *o;
	const struct callgraph *graph;
	struct buf *out;
};

static double share(const struct dot *d, uint64_t value)
{
	return d->graph->whole ? (double)value / (double)d->graph->whole : 0;
}

/* Text in a string of the language: no quote ends it, no backslash means anything. */
static void add_text(struct buf *out, struct view text)
{
	size_t n;

	if (text.len > NAME_MAX_LEN)
		text.len = NAME_MAX_LEN;
	for (; text.len; text = (struct view){ text.at + n, text.len - n }) {
		n = utf8_sequence(text);
		if (n == 0)
			buf_add_text(out, UTF8_REPLACEMENT);
		else if (n == 1 && (*text.at == '"' || *text.at == '\\'))
			buf_add_format(out, "\\%c", *text.at);
		else if (n == 1 && (uint8_t)*text.at < ' ')
			buf_add_char(out, ' ');
		else
			buf_add(out, text.at, n);
		n += n == 0;
	}
}

static void add_value(const struct dot *d, uint64_t value)
{
	int64_t number = value > INT64_MAX ? INT64_MAX : (int64_t)value;

	measure_add(d->out, number, measure_for(number, d->o->unit), d->o->unit);
}

static void add_share(const struct dot *d, uint64_t value)
{
	buf_add_format(d->out, " (%.2f%%)", 100 * share(d, value));
}

/* From grey to red by its share, whose root spreads the small ones. */
static void add_colour(const struct dot *d, uint64_t value, double lightness)
{
	buf_add_format(
		d->out, "\"%.3f %.3f %.3f\"", 0.02, 0.05 + 0.45 * sqrt(share(d, value)), lightness);
}

static void add_function(const struct dot *d, size_t i)
{
	const struct callgraph_function *f = &d->graph->functions[i];

	buf_add_format(d->out, "N%zu [label=\"", i + 1);
	add_text(d->out, strings_at(&d->tree->names, f->name));
	buf_add_text(d->out, "\\n");
	add_value(d, f->self);
	add_share(d, f->self);
	if (f->self != f->total) {
		buf_add_text(d->out, "\\nof ");
		add_value(d, f->total);
		add_share(d, f->total);
	}
	buf_add_format(d->out,
		"\" fontsize=%.0f fillcolor=", FONT_MIN + FONT_RANGE * sqrt(share(d, f->self)));
	add_colour(d, f->total, 0.94);
	buf_add_text(d->out, " color=");
	add_colour(d, f->total, 0.7);
	buf_add_text(d->out, "]\n");
}

static void add_edge(const struct dot *d, const struct callgraph_edge *e)
{
	buf_add_format(d->out, "N%u -> N%u [label=\" ", e->caller + 1, e->callee + 1);
	add_value(d, e->total);
	buf_add_format(d->out, "\" weight=%.0f penwidth=%.1f color=", 1 + 100 * share(d, e->total),
		1 + PEN_RANGE * share(d, e->total));
	add_colour(d, e->total, 0.6);
	buf_add_text(d->out, e->is_indirect ? " style=dotted]\n" : "]\n");
}

static void add_caption(const struct dot *d)
{
	buf_add_text(d->out, "L [shape=box label=\"Type: ");
	add_text(d->out, d->o->type);
	buf_add_text(d->out, "\\lTotal: ");
	add_value(d, d->graph->whole);
	if (d->graph->n_left)
		buf_add_format(d->out, "\\lFunctions: %zu of %zu", d->graph->n_functions,
			d->graph->n_functions + d->graph->n_left);
	buf_add_text(d->out, "\\l\"]\n");
}

int render_dot(const struct tree *tree, const struct render_dot_options *options, struct buf *out,
	struct err *err)
{
	struct callgraph graph;
	struct dot d = { tree, options, &graph, out };
	int rc = callgraph_build(tree, options->functions_max, &graph, err);

	if (rc == 0) {
		buf_add_text(out, "digraph \"flyover\" {\nnode [shape=box style=filled "
				  "fillcolor=\"#f8f8f8\"]\n");
		add_caption(&d);
		for (size_t i = 0; i < graph.n_functions; i++)
			add_function(&d, i);
		for (size_t i = 0; i < graph.n_edges; i++)
			add_edge(&d, &graph.edges[i]);
		buf_add_text(out, "}\n");
	}
	callgraph_fini(&graph);
	return rc;
}
