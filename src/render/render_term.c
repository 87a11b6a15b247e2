/* render_term: a flame graph and a top table for a terminal. */
#include "render/render_term.h"

#include "model/confidence.h"
#include "model/top.h"
#include "model/tree.h"
#include "render/codepoint.h"
#include "render/measure.h"
#include "render/palette.h"
#include "render/truth.h"

#define COLUMNS_MAX 4096
#define RESET "\x1b[0m"
#define QUIET "\x1b[2m"
#define AMBER "\x1b[33m"

struct screen {
	const struct profile *profile;
	const struct render_term_options *o;
	struct buf *out;
	size_t type;
	unsigned columns;
	struct buf scratch;
};

static void add_style(struct screen *s, const char *style)
{
	if (s->o->colours)
		buf_add_text(s->out, style);
}

static void add_spaces(struct buf *out, unsigned n)
{
	while (n-- > 0)
		buf_add_char(out, ' ');
}

static void add_character(struct screen *s, struct view character)
{
	if (s->o->utf8 || character.len == 1)
		buf_add_view(s->out, character);
	else
		buf_add_char(s->out, '?');
}

/* Columns that the inert text takes. */
static unsigned columns_of(const struct screen *s, struct view text)
{
	unsigned n = 0;

	while (text.len && n <= COLUMNS_MAX) {
		uint32_t c = codepoint_take(&text);

		n += s->o->utf8 ? codepoint_columns(c) : 1;
	}
	return n;
}

/* The name in exactly `width` columns; one that is too long ends in "..". */
static void add_name(struct screen *s, struct view name, unsigned width)
{
	unsigned used = 0, limit = width;
	bool cut;

	buf_clear(&s->scratch);
	codepoint_add_inert(&s->scratch,
		(struct view){ name.at, name.len < 4 * COLUMNS_MAX ? name.len : 4 * COLUMNS_MAX });
	s->out->failed |= s->scratch.failed;
	name = buf_view(&s->scratch);
	cut = columns_of(s, name) > width;
	if (cut)
		limit = width > 2 ? width - 2 : 0;
	while (name.len) {
		struct view rest = name;
		uint32_t c = codepoint_take(&rest);
		unsigned columns = s->o->utf8 ? codepoint_columns(c) : 1;

		if (used + columns > limit)
			break;
		add_character(s, view_between(name.at, rest.at));
		used += columns;
		name = rest;
	}
	for (; cut && used < width && used < limit + 2; used++)
		buf_add_char(s->out, '.');
	add_spaces(s->out, width - used);
}

static void add_words(struct screen *s, struct view words)
{
	while (words.len) {
		const char *from = words.at;

		codepoint_take(&words);
		add_character(s, view_between(from, words.at));
	}
}

static void add_truth(struct screen *s)
{
	BUF_AUTO words = { 0 };

	truth_line(s->profile, &words);
	s->out->failed |= words.failed;
	add_style(s, QUIET);
	add_words(s, buf_view(&words));
	add_style(s, RESET);
	buf_add_char(s->out, '\n');
	buf_clear(&words);
	truth_warnings(s->profile, &words);
	s->out->failed |= words.failed;
	if (!words.len)
		return;
	add_style(s, AMBER);
	add_words(s, buf_view(&words));
	add_style(s, RESET);
}

/* ---- the picture ---- */

static unsigned column_of(const struct screen *s, uint64_t at, uint64_t whole)
{
	return (unsigned)((unsigned __int128)at * s->columns / whole);
}

/* The colour cube of 256-colour terminals: 6 steps a channel. */
static void add_fill(struct screen *s, const struct tree *tree, uint32_t node)
{
	struct colour c = palette_colour(palette_find(VIEW("hot")),
		strings_at(&tree->names, tree->name[node]), (enum frame_kind)tree->kind[node],
		false);
	enum frame_kind kind = (enum frame_kind)tree->kind[node];

	if (!s->o->colours)
		return;
	if (kind == FRAME_KERNEL)
		c = (struct colour){ 150, 180, 220 };
	else if (kind == FRAME_JIT || kind == FRAME_RUNTIME)
		c = (struct colour){ 150, 210, 160 };
	else if (kind == FRAME_GROUP || kind == FRAME_TRUNCATED)
		c = (struct colour){ 200, 200, 200 };
	buf_add_format(s->out, "\x1b[38;5;16;48;5;%dm",
		16 + 36 * (c.red / 43) + 6 * (c.green / 43) + c.blue / 43);
}

static void add_box(struct screen *s, const struct tree *tree, uint32_t node, unsigned width)
{
	struct view name = strings_at(&tree->names, tree->name[node]);

	add_fill(s, tree, node);
	buf_add_text(s->out, s->o->utf8 ? "\u258f" : "|");
	if (width > 1)
		add_name(s, name, width - 1);
	add_style(s, RESET);
}

/* Nodes of one depth from `node` on; returns the first of the next depth. */
static uint32_t add_level(struct screen *s, const struct tree *tree, uint32_t node)
{
	uint16_t depth = tree->depth[node];
	unsigned at = 0;

	for (; node < tree->n_nodes && tree->depth[node] == depth; node++) {
		unsigned from = column_of(s, tree->start[node], tree->width[0]);
		unsigned to = column_of(s, tree->start[node] + tree->width[node], tree->width[0]);

		if (to <= from)
			continue;
		add_spaces(s->out, from - at);
		add_box(s, tree, node, to - from);
		at = to;
	}
	buf_add_char(s->out, '\n');
	return node;
}

static void add_picture(struct screen *s, const struct tree *tree)
{
	unsigned rows = 0;
	uint32_t node = 0;

	while (tree->width[0] && node < tree->n_nodes) {
		if (s->o->rows_max && rows++ == s->o->rows_max) {
			buf_add_format(s->out, "(%u more levels)\n",
				tree->max_depth + 1 - tree->depth[node]);
			break;
		}
		node = add_level(s, tree, node);
	}
	if (tree->was_folded)
		buf_add_text(s->out, "(deeper frames are folded into the last level)\n");
}

static int start(struct screen *s, struct err *err)
{
	struct view type = s->o->type;
	int found = profile_find_type(s->profile, type);

	if (found < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(type.len < 100 ? type.len : 100), type.at);
	s->type = (size_t)found;
	s->columns = s->o->columns ? s->o->columns : 80;
	if (s->columns > COLUMNS_MAX)
		s->columns = COLUMNS_MAX;
	return 0;
}

static int finish(struct screen *s, int rc, struct err *err)
{
	if (rc == 0 && (s->out->failed))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_fini(&s->scratch);
	return rc;
}

int render_term_flame(const struct profile *profile, const struct render_term_options *options,
	struct buf *out, struct err *err)
{
	struct screen s = { .profile = profile, .o = options, .out = out };
	struct tree tree = { 0 };
	int rc = start(&s, err);

	if (rc == 0) {
		struct tree_options how = {
			.type = s.type, .base_type = -1, .inverted = options->reverse
		};

		how.width_min = tree_whole(profile, s.type) / s.columns / 2;
		rc = tree_build(profile, &how, &tree, err);
	}
	if (rc == 0) {
		add_truth(&s);
		add_picture(&s, &tree);
	}
	tree_fini(&tree);
	return finish(&s, rc, err);
}

/* ---- the table ---- */

static void add_right(struct screen *s, unsigned width)
{
	unsigned used = columns_of(s, buf_view(&s->scratch));

	s->out->failed |= s->scratch.failed;
	add_spaces(s->out, used < width ? width - used : 0);
	buf_add_view(s->out, buf_view(&s->scratch));
}

static void add_share(struct screen *s, int64_t value, int64_t whole)
{
	buf_clear(&s->scratch);
	truth_add_share(&s->scratch, whole ? (double)value / (double)whole : 0);
	add_right(s, 8);
}

/* The margin of the total's share, in points: "± 1.6" or "+- 1.6". */
static void add_margin(struct screen *s, int64_t value, int64_t whole)
{
	double n = (double)truth_samples(s->profile);
	double share = whole ? (double)value / (double)whole : 0;

	buf_clear(&s->scratch);
	if (n > 0)
		buf_add_format(&s->scratch, "%s %.1f", s->o->utf8 ? "\u00b1" : "+-",
			100 * confidence_margin(share * n, n));
	add_right(s, 8);
}

static void add_row(
	struct screen *s, const struct top *top, const struct top_row *row, struct measure measure)
{
	struct view unit = profile_text(s->profile, s->profile->types[s->type].unit);
	unsigned fixed = 10 + 8 + 8 + 8 + 2;

	buf_clear(&s->scratch);
	measure_add(&s->scratch, row->self, measure, unit);
	add_right(s, 10);
	add_share(s, row->self, top->whole);
	add_share(s, row->total, top->whole);
	add_margin(s, row->total, top->whole);
	buf_add_text(s->out, "  ");
	add_name(s, strings_at(&top->names, row->name),
		s->columns > fixed + 10 ? s->columns - fixed : 10);
	while (s->out->len && s->out->at[s->out->len - 1] == ' ')
		s->out->len--;
	buf_add_char(s->out, '\n');
}

int render_term_top(const struct profile *profile, const struct render_term_options *options,
	struct buf *out, struct err *err)
{
	struct screen s = { .profile = profile, .o = options, .out = out };
	struct top top = { 0 };
	int rc = start(&s, err);

	if (rc == 0) {
		struct top_options how = { .type = s.type, .base_type = -1 };

		rc = top_build(profile, &how, &top, err);
	}
	if (rc == 0) {
		struct measure measure = measure_for(
			top.whole / 100, profile_text(profile, profile->types[s.type].unit));

		add_truth(&s);
		add_style(&s, QUIET);
		buf_add_text(out, "      self    self   total   (95%)  function");
		add_style(&s, RESET);
		buf_add_char(out, '\n');
		for (size_t i = 0; i < top.n_rows; i++) {
			if (options->rows_max && i == options->rows_max)
				break;
			add_row(&s, &top, &top.rows[i], measure);
		}
	}
	top_fini(&top);
	return finish(&s, rc, err);
}
