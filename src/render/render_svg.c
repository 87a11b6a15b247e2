/* render_svg: a flame graph as one SVG file. */
#include "render/render_svg.h"

#include <math.h>
#include <stdlib.h>

#include "base/vec.h"
#include "model/tree.h"
#include "render/codepoint.h"
#include "render/palette.h"
#include "render/svg_number.h"
#include "render/svg_page.h"
#include "render/truth.h"

#define SIDE_PAD 10.0
#define FRAME_GAP 1.0
#define FONT_WIDTH 0.59     /* mean width of a character, in font sizes */
#define NAME_MAX_BYTES 4096 /* of a title: a name longer than this is cut, and says so */

struct picture {
	const struct profile *profile;
	struct render_svg_options o; /* with the defaults filled in */
	struct buf *out;
	struct tree tree;
	const struct palette *palette;
	size_t type;
	int base_type;
	uint64_t whole;     /* the tree's width, in values */
	double scale;       /* px a value */
	double unit;        /* of a value: 0.001 if values are thousandths */
	int64_t change_max; /* the largest change of a stack */
	double height, top, bottom;
	struct buf inert, scratch;
};

/* ---- text ---- */

static void add_escaped(struct buf *out, struct view text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.at[i]) {
		case '&':
			buf_add_text(out, "&amp;");
			break;
		case '<':
			buf_add_text(out, "&lt;");
			break;
		case '>':
			buf_add_text(out, "&gt;");
			break;
		case '"':
			buf_add_text(out, "&quot;");
			break;
		default:
			buf_add_char(out, text.at[i]);
		}
	}
}

/* What a person typed or a symbol table holds, as text. */
static void add_text(struct picture *p, struct view text)
{
	buf_clear(&p->inert);
	codepoint_add_inert(&p->inert, text);
	p->out->failed |= p->inert.failed;
	add_escaped(p->out, buf_view(&p->inert));
}

/* ---- frames ---- */

static double count_of(const struct picture *p, uint64_t value)
{
	return rint((double)value * p->unit * p->o.factor); /* half to even */
}

/* Digits with commas. */
static void add_count(struct buf *out, double count)
{
	if (count < 1e15)
		truth_add_count(out, (uint64_t)count);
	else
		buf_add_format(out, "%.15g", count);
}

static void add_change(struct picture *p, uint32_t node, double whole)
{
	int64_t change = (int64_t)(p->tree.self[node] - p->tree.base_self[node]);
	double percent = 100 * (double)change * p->unit * p->o.factor / whole;

	if (p->o.negate)
		percent = -percent;
	buf_add_text(p->out, percent > 0 ? "; +" : "; ");
	svg_number_add_cents(p->out, percent);
	buf_add_char(p->out, '%');
}

static void add_title(struct picture *p, uint32_t node, struct view name)
{
	struct buf *out = p->out;
	double count = count_of(p, p->tree.total[node]);
	double whole = (double)p->whole * p->unit * p->o.factor;

	buf_add_text(out, "<title>");
	add_escaped(
		out, name.len > NAME_MAX_BYTES ? (struct view){ name.at, NAME_MAX_BYTES } : name);
	if (name.len > NAME_MAX_BYTES)
		buf_add_format(out, "\u2026 (cut: the name has %zu bytes)", name.len);
	buf_add_text(out, " (");
	add_count(out, count);
	buf_add_char(out, ' ');
	add_text(p, view_of(p->o.count_name));
	buf_add_text(out, ", ");
	if (node == 0) {
		buf_add_text(out, "100%)");
	} else {
		svg_number_add_cents(out, 100 * count / whole);
		buf_add_char(out, '%');
		if (p->base_type >= 0)
			add_change(p, node, whole);
		buf_add_char(out, ')');
	}
	buf_add_text(out, "</title>");
}

static struct colour colour_of(const struct picture *p, uint32_t node, struct view raw_name)
{
	int64_t change;

	if (p->base_type < 0 || view_equal(raw_name, VIEW("-")) || view_equal(raw_name, VIEW("--")))
		return palette_colour(
			p->palette, raw_name, (enum frame_kind)p->tree.kind[node], p->o.by_hash);
	change = node ? (int64_t)(p->tree.self[node] - p->tree.base_self[node]) : 0;
	return palette_change(p->o.negate ? -change : change, p->change_max);
}

static void add_rect(struct picture *p, uint32_t node, double x1, double x2, double y)
{
	struct buf *out = p->out;
	int64_t left = svg_number_tenths(x1), right = svg_number_tenths(x2);
	struct view raw_name = strings_at(&p->tree.names, p->tree.name[node]);
	struct colour fill = colour_of(p, node, node ? raw_name : VIEW(""));

	buf_add_text(out, "<rect x=\"");
	svg_number_add_tenths(out, left);
	buf_add_text(out, "\" y=\"");
	svg_number_add_plain(out, y);
	buf_add_text(out, "\" width=\"");
	svg_number_add_tenths(out, right - left);
	buf_add_text(out, "\" height=\"");
	svg_number_add_tenths(out, svg_number_tenths(p->o.frame_height - FRAME_GAP));
	buf_add_text(out, "\" fill=\"rgb(");
	buf_add_u64(out, fill.red);
	buf_add_char(out, ',');
	buf_add_u64(out, fill.green);
	buf_add_char(out, ',');
	buf_add_u64(out, fill.blue);
	buf_add_text(out, ")\" rx=\"2\" ry=\"2\"/>");
}

/* As many characters as fit; where not all do, the last two that fit are dots. */
static void add_label(struct picture *p, struct view name, double x1, double x2, double y)
{
	double fits = floor((x2 - x1) / (p->o.font_size * FONT_WIDTH));
	struct view rest = name;
	size_t n = 0;

	buf_add_text(p->out, "<text x=\"");
	svg_number_add_cents(p->out, x1 + 3);
	buf_add_text(p->out, "\" y=\"");
	svg_number_add_plain(p->out, y + (p->o.frame_height - FRAME_GAP) / 2 + 3);
	buf_add_text(p->out, "\">");
	if (fits >= 3) {
		const char *cut = name.at;

		for (; rest.len && (double)n < fits; n++) {
			codepoint_take(&rest);
			if ((double)n + 1 <= fits - 2)
				cut = rest.at;
		}
		add_escaped(p->out, rest.len ? view_between(name.at, cut) : name);
		if (rest.len)
			buf_add_text(p->out, "..");
	}
	buf_add_text(p->out, "</text>");
}

static void add_frame(struct picture *p, uint32_t node)
{
	const struct tree *tree = &p->tree;
	double x1 = SIDE_PAD + (double)tree->start[node] * p->scale;
	double x2 = SIDE_PAD + (double)(tree->start[node] + tree->total[node]) * p->scale;
	double depth = tree->depth[node];
	double y = p->o.inverted
			   ? p->top + depth * p->o.frame_height
			   : p->height - p->bottom - (depth + 1) * p->o.frame_height + FRAME_GAP;
	struct view name = palette_without_suffix(strings_at(&tree->names, tree->name[node]));

	buf_clear(&p->scratch);
	codepoint_add_inert(&p->scratch, name);
	name = buf_view(&p->scratch);
	p->out->failed |= p->scratch.failed;
	buf_add_text(p->out, "<g data-at=\"");
	buf_add_u64(p->out, tree->start[node]);
	buf_add_char(p->out, ' ');
	buf_add_u64(p->out, tree->total[node]);
	buf_add_text(p->out, "\">");
	add_title(p, node, name);
	add_rect(p, node, x1, x2, y);
	add_label(p, node ? name : VIEW(""), x1, x2, y);
	buf_add_text(p->out, "</g>\n");
}

/* ---- the picture around them ---- */

static void add_description(struct picture *p)
{
	buf_add_text(p->out, "<desc>");
	buf_clear(&p->scratch);
	truth_line(p->profile, &p->scratch);
	buf_add_text(&p->scratch, ". ");
	truth_warnings(p->profile, &p->scratch);
	for (size_t i = 0; i < p->scratch.len; i++)
		if (p->scratch.at[i] == '\n')
			p->scratch.at[i] = ' ';
	add_text(p, view_trim(buf_view(&p->scratch)));
	if (p->o.notes) {
		buf_add_text(p->out, " Notes: ");
		add_text(p, view_of(p->o.notes));
	}
	buf_add_text(p->out, "</desc>\n");
}

static void add_at(struct picture *p, const char *id, const char *more, double x, double y)
{
	buf_add_format(p->out, "<text id=\"%s\"%s x=\"%.2f\" y=\"%.15g\">", id, more, x, y);
}

static void add_words(struct picture *p)
{
	double size = p->o.font_size, right = p->o.width - SIDE_PAD;
	double head = floor(2 * size), foot = floor(p->height - p->bottom / 2);

	add_at(p, "title", "", floor(p->o.width / 2), head);
	add_text(p, view_of(p->o.title));
	buf_add_text(p->out, "</text>\n");
	if (p->o.subtitle) {
		add_at(p, "subtitle", "", floor(p->o.width / 2), floor(4 * size));
		add_text(p, view_of(p->o.subtitle));
		buf_add_text(p->out, "</text>\n");
	}
	add_at(p, "details", "", SIDE_PAD, foot);
	buf_clear(&p->scratch);
	truth_line(p->profile, &p->scratch);
	add_text(p, buf_view(&p->scratch));
	buf_add_text(p->out, "</text>\n");
	add_at(p, "unzoom", " class=\"hide\"", SIDE_PAD, head);
	buf_add_text(p->out, "Reset zoom</text>\n");
	add_at(p, "search", "", right - 100, head);
	buf_add_text(p->out, "Search</text>\n");
	add_at(p, "ignorecase", "", right - 16, head);
	buf_add_text(p->out, "ic</text>\n");
	add_at(p, "matched", "", right - 100, foot);
	buf_add_text(p->out, "</text>\n");
}

static int add_background(struct picture *p, struct err *err)
{
	const char *top = palette_top(p->palette), *bottom = palette_bottom(p->palette);
	const char *wish = p->o.background;
	const struct palette *like = NULL;

	if (wish && wish[0] == '#') {
		if (strlen(wish) != 7 || strspn(wish + 1, "0123456789abcdefABCDEF") != 6)
			return err_set(err, ERR_USAGE, "background %.20s: expected #rrggbb", wish);
		top = bottom = wish;
	} else if (wish) {
		if (strcmp(wish, "yellow") == 0)
			like = palette_find(VIEW("hot"));
		else if (strcmp(wish, "blue") == 0)
			like = palette_find(VIEW("io"));
		else if (strcmp(wish, "green") == 0)
			like = palette_find(VIEW("mem"));
		else if (strcmp(wish, "grey") == 0 || strcmp(wish, "gray") == 0)
			like = palette_find(VIEW("red"));
		if (!like)
			return err_set(err, ERR_USAGE,
				"background %.20s: choose yellow, blue, green, grey or #rrggbb",
				wish);
		top = palette_top(like);
		bottom = palette_bottom(like);
	}
	buf_add_format(p->out,
		"<defs><linearGradient id=\"paper\" y1=\"0\" y2=\"1\" x1=\"0\" x2=\"0\">"
		"<stop class=\"top\" stop-color=\"%s\" offset=\"5%%\"/>"
		"<stop class=\"bottom\" stop-color=\"%s\" "
		"offset=\"95%%\"/></linearGradient></defs>\n",
		top, bottom);
	return 0;
}

static void add_head(struct picture *p)
{
	struct buf *out = p->out;

	buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
	buf_add_format(out,
		"<svg version=\"1.1\" width=\"%.15g\" height=\"%.15g\" viewBox=\"0 0 %.15g %.15g\""
		" xmlns=\"http://www.w3.org/2000/svg\" data-whole=\"",
		p->o.width, p->height, p->o.width, p->height);
	buf_add_u64(out, p->whole);
	buf_add_format(out, "\" data-font=\"%.15g\" data-kind=\"", p->o.font_size * FONT_WIDTH);
	add_text(p, view_of(p->o.name_type));
	buf_add_text(out, "\">\n");
}

static int add_picture(struct picture *p, struct err *err)
{
	struct buf *out = p->out;
	int rc;

	add_head(p);
	buf_add_text(out, "<title>");
	add_text(p, view_of(p->o.title));
	buf_add_text(out, "</title>\n");
	add_description(p);
	rc = add_background(p, err);
	if (rc < 0)
		return rc;
	buf_add_text(out, "<style>text{font-family:");
	add_text(p, view_of(p->o.font_type));
	buf_add_format(out, ";font-size:%.15gpx}#title{font-size:%.15gpx}", p->o.font_size,
		p->o.font_size + 5);
	buf_add_text(out, svg_page_style);
	buf_add_text(out, "</style>\n");
	buf_add_format(out,
		"<rect x=\"0\" y=\"0\" width=\"%.15g\" height=\"%.15g\" fill=\"url(#paper)\"/>\n",
		p->o.width, p->height);
	add_words(p);
	buf_add_text(out, "<g id=\"frames\">\n");
	for (uint32_t i = 0; p->whole && i < p->tree.n_nodes; i++)
		add_frame(p, i);
	buf_add_text(out, "</g>\n<script><![CDATA[\n");
	buf_add_text(out, svg_page_script);
	buf_add_text(out, "]]></script>\n</svg>\n");
	return out->failed ? err_set(err, ERR_NOMEM, "out of memory for the picture") : 0;
}

/* ---- what to draw ---- */

static double unit_of(const struct profile *profile, size_t type)
{
	struct view unit = profile_text(profile, profile->types[type].unit);

	if (view_equal(unit, VIEW("thousandths")))
		return 1e-3;
	if (view_equal(unit, VIEW("millionths")))
		return 1e-6;
	return view_equal(unit, VIEW("billionths")) ? 1e-9 : 1;
}

static int choose_types(struct picture *p, struct err *err)
{
	const struct profile *profile = p->profile;
	struct view base = p->o.base, type = p->o.type;

	if (!base.len && !type.len && profile->n_types == 2 &&
		profile_find_type(profile, VIEW("base")) == 0 &&
		profile_find_type(profile, VIEW("new")) == 1) {
		base = VIEW("base");
		type = VIEW("new");
	}
	p->type = (size_t)profile_find_type(profile, type);
	if (profile_find_type(profile, type) < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(type.len < 100 ? type.len : 100), type.at);
	p->base_type = base.len ? profile_find_type(profile, base) : -1;
	if (base.len && p->base_type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(base.len < 100 ? base.len : 100), base.at);
	p->unit = unit_of(profile, p->type);
	return 0;
}

static void default_text(const char **option, const char *text)
{
	if (!*option || !**option)
		*option = text;
}

static void default_number(double *option, double number)
{
	if (*option == 0)
		*option = number;
}

static const char *count_name(const struct picture *p)
{
	struct view unit = profile_text(p->profile, p->profile->types[p->type].unit);

	return view_equal(unit, VIEW("count")) || p->unit != 1 || !unit.len ? "samples" : unit.at;
}

static int fill_options(
	struct picture *p, const struct render_svg_options *options, struct err *err)
{
	struct render_svg_options *o = &p->o;

	*o = *options;
	default_text(&o->title, o->inverted ? "Icicle Graph" : "Flame Graph");
	default_text(&o->count_name, count_name(p));
	default_text(&o->name_type, "Function:");
	default_text(&o->colours, "hot");
	default_text(&o->font_type, "Verdana");
	default_number(&o->width, 1200);
	default_number(&o->frame_height, 16);
	default_number(&o->font_size, 12);
	default_number(&o->factor, 1);
	if (o->min_percent == 0)
		default_number(&o->min_width, 0.1);
	if (o->subtitle && !*o->subtitle)
		o->subtitle = NULL;
	p->palette = palette_find(view_of(o->colours));
	if (!p->palette)
		return err_set(err, ERR_USAGE, "colours %.20s: choose one of %s", o->colours,
			palette_names());
	if (!(o->width > 2 * SIDE_PAD && o->width <= 1e6) ||
		!(o->frame_height > FRAME_GAP && o->frame_height <= 1e3) ||
		!(o->font_size > 0 && o->font_size <= 1e3))
		return err_set(err, ERR_USAGE,
			"a picture %g px wide with frames %g px high and letters of %g px cannot be"
			" drawn",
			o->width, o->frame_height, o->font_size);
	return 0;
}

static int64_t positive(int64_t value)
{
	return value > 0 ? value : 0;
}

/* The largest change of one stack; at least 1, so that it can divide. */
static int find_change_max(struct picture *p, struct err *err)
{
	const struct profile *profile = p->profile;
	int64_t *change;

	p->change_max = 1;
	if (p->base_type < 0)
		return 0;
	change = calloc(profile->stacks.count + 1, sizeof(*change));
	if (!change)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < profile->n_samples; i++) {
		const int64_t *values = &profile->values[i * profile->n_types];

		int64_t *sum = &change[profile->samples[i].stack];
		int64_t step = positive(values[p->type]) - positive(values[p->base_type]);

		if (__builtin_add_overflow(*sum, step, sum))
			*sum = INT64_MAX;
	}
	for (size_t i = 0; i <= profile->stacks.count; i++)
		if (llabs(change[i]) > p->change_max)
			p->change_max = llabs(change[i]);
	free(change);
	return 0;
}

static int grow_tree(struct picture *p, struct err *err)
{
	struct tree_options options = {
		.type = p->type,
		.base_type = p->base_type,
		.width = TREE_WIDTH_NEW,
		.order = TREE_AS_TEXT,
		.inverted = p->o.reverse,
		.depth_max = TREE_DEPTH_LIMIT,
	};
	double narrow;
	int rc;

	p->whole = tree_whole(p->profile, p->type);
	p->scale = p->whole ? (p->o.width - 2 * SIDE_PAD) / (double)p->whole : 0;
	narrow = p->o.min_percent ? (double)p->whole * p->o.min_percent / 100
				  : p->o.min_width / (p->scale ? p->scale : 1);
	options.width_min = narrow < 1 ? 1 : (uint64_t)ceil(narrow);
	rc = tree_build(p->profile, &options, &p->tree, err);
	if (rc < 0)
		return rc;
	p->top = p->o.font_size * 3;
	p->bottom = p->o.font_size * 2 + 10;
	p->height = (p->tree.max_depth + 1) * p->o.frame_height + p->top + p->bottom;
	if (p->o.subtitle)
		p->height += p->o.font_size * 2;
	return 0;
}

int render_svg(const struct profile *profile, const struct render_svg_options *options,
	struct buf *out, struct err *err)
{
	struct picture p = { .profile = profile, .o = *options, .out = out };
	int rc = choose_types(&p, err);

	if (rc == 0)
		rc = fill_options(&p, options, err);
	if (rc == 0)
		rc = find_change_max(&p, err);
	if (rc == 0)
		rc = grow_tree(&p, err);
	if (rc == 0)
		rc = add_picture(&p, err);
	tree_fini(&p.tree);
	buf_fini(&p.inert);
	buf_fini(&p.scratch);
	return rc;
}
