/* svg_frame: the frames of a flame graph, each a box with a title and a label. */
#include "render/svg_frame.h"

#include <math.h>

#include "render/codepoint.h"
#include "render/svg_number.h"
#include "render/svg_text.h"
#include "render/truth.h"

#define NAME_MAX_BYTES 4096 /* of a title: a name longer than this is cut, and says so */

struct drawer {
	const struct svg_plan *plan;
	struct buf *out;
	struct buf name, count_name; /* inert; the latter escaped too */
};

static double count_of(const struct drawer *d, uint64_t value)
{
	return rint((double)value * d->plan->unit * d->plan->o.factor); /* half to even */
}

/* Digits with commas. */
static void add_count(struct buf *out, double count)
{
	if (count < 1e15)
		truth_add_count(out, (uint64_t)count);
	else
		buf_add_format(out, "%.15g", count);
}

static void add_change(struct drawer *d, uint32_t node, double whole)
{
	int64_t change = (int64_t)(d->plan->tree.self[node] - d->plan->tree.base_self[node]);
	double percent = 100 * (double)change * d->plan->unit * d->plan->o.factor / whole;

	if (d->plan->o.negate)
		percent = -percent;
	buf_add_text(d->out, percent > 0 ? "; +" : "; ");
	svg_number_add_cents(d->out, percent);
	buf_add_char(d->out, '%');
}

/* Not within a character. */
static struct view cut(struct view name)
{
	size_t len = NAME_MAX_BYTES;

	if (name.len <= len)
		return name;
	while (len && (name.at[len] & 0xc0) == 0x80)
		len--;
	return (struct view){ name.at, len };
}

static void add_title(struct drawer *d, uint32_t node, struct view name)
{
	struct buf *out = d->out;
	double count = count_of(d, d->plan->tree.total[node]);
	double whole = (double)d->plan->whole * d->plan->unit * d->plan->o.factor;

	buf_add_text(out, "<title>");
	svg_text_add(out, cut(name));
	if (name.len > NAME_MAX_BYTES)
		buf_add_format(out, "\u2026 (cut: the name has %zu bytes)", name.len);
	buf_add_text(out, " (");
	add_count(out, count);
	buf_add_char(out, ' ');
	buf_add_view(out, buf_view(&d->count_name));
	buf_add_text(out, ", ");
	if (node == 0) {
		buf_add_text(out, "100%)");
	} else {
		svg_number_add_cents(out, 100 * count / whole);
		buf_add_char(out, '%');
		if (d->plan->base_type >= 0)
			add_change(d, node, whole);
		buf_add_char(out, ')');
	}
	buf_add_text(out, "</title>");
}

static struct colour colour_of(const struct drawer *d, uint32_t node, struct view raw_name)
{
	int64_t change;

	if (d->plan->base_type < 0 || view_equal(raw_name, VIEW("-")) ||
		view_equal(raw_name, VIEW("--")))
		return palette_colour(d->plan->palette, raw_name,
			(enum frame_kind)d->plan->tree.kind[node], d->plan->o.by_hash);
	change = node ? (int64_t)(d->plan->tree.self[node] - d->plan->tree.base_self[node]) : 0;
	return palette_change(d->plan->o.negate ? -change : change, d->plan->change_max);
}

static void add_rect(struct drawer *d, uint32_t node, double x1, double x2, double y)
{
	struct buf *out = d->out;
	int64_t left = svg_number_tenths(x1), right = svg_number_tenths(x2);
	struct view raw_name = strings_at(&d->plan->tree.names, d->plan->tree.name[node]);
	struct colour fill = colour_of(d, node, node ? raw_name : VIEW(""));

	buf_add_text(out, "<rect x=\"");
	svg_number_add_tenths(out, left);
	buf_add_text(out, "\" y=\"");
	svg_number_add_plain(out, y);
	buf_add_text(out, "\" width=\"");
	svg_number_add_tenths(out, right - left);
	buf_add_text(out, "\" height=\"");
	svg_number_add_tenths(out, svg_number_tenths(d->plan->o.frame_height - SVG_PLAN_FRAME_GAP));
	buf_add_text(out, "\" fill=\"rgb(");
	buf_add_u64(out, fill.red);
	buf_add_char(out, ',');
	buf_add_u64(out, fill.green);
	buf_add_char(out, ',');
	buf_add_u64(out, fill.blue);
	buf_add_text(out, ")\" rx=\"2\" ry=\"2\"/>");
}

/* As many characters as fit; where not all do, the last two that fit are dots. */
static void add_label(struct drawer *d, struct view name, double x1, double x2, double y)
{
	double fits = floor((x2 - x1) / (d->plan->o.font_size * SVG_PLAN_FONT_WIDTH));
	struct view rest = name;
	size_t n = 0;

	buf_add_text(d->out, "<text x=\"");
	svg_number_add_cents(d->out, x1 + 3);
	buf_add_text(d->out, "\" y=\"");
	svg_number_add_plain(d->out, y + (d->plan->o.frame_height - SVG_PLAN_FRAME_GAP) / 2 + 3);
	buf_add_text(d->out, "\">");
	if (fits >= 3) {
		const char *cut = name.at;

		for (; rest.len && (double)n < fits; n++) {
			codepoint_take(&rest);
			if ((double)n + 1 <= fits - 2)
				cut = rest.at;
		}
		svg_text_add(d->out, rest.len ? view_between(name.at, cut) : name);
		if (rest.len)
			buf_add_text(d->out, "..");
	}
	buf_add_text(d->out, "</text>");
}

static void add_frame(struct drawer *d, uint32_t node)
{
	const struct svg_plan *plan = d->plan;
	const struct tree *tree = &plan->tree;
	double x1 = SVG_PLAN_SIDE_PAD + (double)tree->start[node] * plan->scale;
	double x2 =
		SVG_PLAN_SIDE_PAD + (double)(tree->start[node] + tree->total[node]) * plan->scale;
	double depth = tree->depth[node];
	double y = plan->o.inverted
			   ? plan->top + depth * plan->o.frame_height
			   : plan->height - plan->bottom - (depth + 1) * plan->o.frame_height +
				     SVG_PLAN_FRAME_GAP;
	struct view name = palette_without_suffix(strings_at(&tree->names, tree->name[node]));

	buf_clear(&d->name);
	codepoint_add_inert(&d->name, name);
	name = buf_view(&d->name);
	d->out->failed |= d->name.failed;
	buf_add_text(d->out, "<g data-at=\"");
	buf_add_u64(d->out, tree->start[node]);
	buf_add_char(d->out, ' ');
	buf_add_u64(d->out, tree->total[node]);
	buf_add_text(d->out, "\">");
	add_title(d, node, name);
	add_rect(d, node, x1, x2, y);
	add_label(d, node ? name : VIEW(""), x1, x2, y);
	buf_add_text(d->out, "</g>\n");
}

void svg_frame_add_all(const struct svg_plan *plan, struct buf *out)
{
	struct drawer d = { .plan = plan, .out = out };

	svg_text_add_foreign(&d.count_name, view_of(plan->o.count_name));
	out->failed |= d.count_name.failed;
	for (uint32_t i = 0; plan->whole && i < plan->tree.n_nodes; i++)
		add_frame(&d, i);
	buf_fini(&d.name);
	buf_fini(&d.count_name);
}
