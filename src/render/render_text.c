/* render_text: tables of numbers as text. */
#include "render/render_text.h"

#include <stdlib.h>
#include <time.h>

#include "model/top.h"
#include "render/codepoint.h"
#include "render/measure.h"

struct table {
	const struct profile *profile;
	const struct render_text_options *o;
	struct buf *out;
	struct top top;
	size_t type;
	struct view unit;
	struct measure measure;
	uint64_t cutoff;
	size_t n_kept, n_shown; /* rows above the cutoff, and of these the first */
	struct buf cell;
};

static uint64_t size_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* Keeps the rows that count, in order. */
static void trim(struct table *t)
{
	struct top_row *rows = t->top.rows;
	size_t kept = 0;

	t->cutoff = (uint64_t)((double)t->top.whole * t->o->fraction_min);
	for (size_t i = 0; i < t->top.n_rows; i++)
		if (size_of(rows[i].total) >= t->cutoff)
			rows[kept++] = rows[i];
	t->n_kept = t->n_shown = kept;
	if (t->o->rows_max && t->o->rows_max < kept)
		t->n_shown = t->o->rows_max;
}

static void choose_measure(struct table *t)
{
	uint64_t smallest = 0;

	for (size_t i = 0; i < t->n_shown; i++) {
		uint64_t size = size_of(t->top.rows[i].self);

		if (!size)
			size = size_of(t->top.rows[i].total);
		if (size && (!smallest || size < smallest))
			smallest = size;
	}
	t->measure = measure_for_table(smallest, size_of(t->top.whole), t->unit);
}

static void add_value(struct table *t, int64_t value)
{
	measure_add(t->out, value, t->measure, t->unit);
}

/* Right-aligned in ten columns. */
static void add_cell(struct table *t, int64_t value)
{
	buf_clear(&t->cell);
	measure_add(&t->cell, value, t->measure, t->unit);
	for (size_t i = t->cell.len; i < 10; i++)
		buf_add_char(t->out, ' ');
	buf_add_view(t->out, buf_view(&t->cell));
}

static void add_share(struct table *t, int64_t value)
{
	measure_add_percent(t->out, (double)value, (double)t->top.whole);
}

static void add_line(struct table *t, const char *what, struct view text)
{
	buf_add_text(t->out, what);
	codepoint_add_inert(t->out, text);
	buf_add_char(t->out, '\n');
}

static void add_time(struct table *t)
{
	time_t seconds = (time_t)(t->profile->time_ns / 1000000000);
	char text[64];
	struct tm tm;

	if (!t->profile->time_ns || !localtime_r(&seconds, &tm))
		return;
	if (strftime(text, sizeof(text), "%b %-d, %Y at %-I:%M%P (%Z)", &tm))
		add_line(t, "Time: ", view_of(text));
}

static void add_duration(struct table *t)
{
	int64_t duration = t->profile->duration_ns;
	double ns = measure_nanoseconds(t->unit) * (double)t->top.whole;

	if (!duration)
		return;
	buf_add_text(t->out, "Duration: ");
	measure_add(t->out, duration, measure_for(duration, VIEW("nanoseconds")), VIEW(""));
	buf_add_text(t->out, ", Total samples = ");
	add_value(t, t->top.whole);
	buf_add_char(t->out, ' ');
	if (ns != 0) {
		buf_add_char(t->out, '(');
		measure_add_percent(t->out, ns, (double)duration);
		buf_add_char(t->out, ')');
	}
	buf_add_char(t->out, '\n');
}

static void add_origin(struct table *t)
{
	const struct profile *p = t->profile;

	if (p->n_mappings > 1) {
		struct view file = frames_module(profile_text(p, p->mappings[1].file));
		struct view id = profile_text(p, p->mappings[1].build_id);

		if (file.len)
			add_line(t, "File: ", file);
		if (id.len)
			add_line(t, "Build ID: ", id);
	}
	for (size_t i = 0; i < p->n_comments; i++)
		add_line(t, "", profile_text(p, p->comments[i]));
	if (p->types[t->type].type)
		add_line(t, "Type: ", profile_text(p, p->types[t->type].type));
	add_time(t);
	add_duration(t);
}

static void add_left_out(struct table *t, int64_t shown)
{
	size_t n_dropped = t->top.n_rows - t->n_kept;

	buf_add_text(t->out, "Showing nodes accounting for ");
	add_value(t, shown);
	buf_add_text(t->out, ", ");
	buf_clear(&t->cell);
	measure_add_percent(&t->cell, (double)shown, (double)t->top.whole);
	buf_add_view(t->out, view_trim(buf_view(&t->cell)));
	buf_add_text(t->out, " of ");
	add_value(t, t->top.whole);
	buf_add_text(t->out, " total\n");
	if (n_dropped) {
		buf_add_format(t->out, "Dropped %zu node%s (cum <= ", n_dropped,
			n_dropped == 1 ? "" : "s");
		add_value(t, (int64_t)t->cutoff);
		buf_add_text(t->out, ")\n");
	}
	if (t->n_shown < t->n_kept)
		buf_add_format(t->out, "Showing top %zu nodes out of %zu\n", t->n_shown, t->n_kept);
}

static void add_row(struct table *t, const struct top_row *row, int64_t so_far)
{
	add_cell(t, row->self);
	buf_add_char(t->out, ' ');
	add_share(t, row->self);
	buf_add_char(t->out, ' ');
	add_share(t, so_far);
	buf_add_char(t->out, ' ');
	add_cell(t, row->total);
	buf_add_char(t->out, ' ');
	add_share(t, row->total);
	buf_add_text(t->out, "  ");
	codepoint_add_inert(t->out, strings_at(&t->top.names, row->name));
	if (row->inlined)
		buf_add_text(
			t->out, row->inlined == TOP_INLINED ? " (inline)" : " (partial-inline)");
	buf_add_char(t->out, '\n');
}

static int64_t add_up(int64_t a, int64_t b)
{
	int64_t both;

	if (__builtin_add_overflow(a, b, &both))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return both;
}

static void add_table(struct table *t)
{
	int64_t so_far = 0;

	for (size_t i = 0; i < t->n_shown; i++)
		so_far = add_up(so_far, t->top.rows[i].self);
	if (t->o->with_header) {
		add_origin(t);
		add_left_out(t, so_far);
	}
	buf_add_text(t->out, "      flat  flat%   sum%        cum   cum%\n");
	so_far = 0;
	for (size_t i = 0; i < t->n_shown; i++) {
		so_far = add_up(so_far, t->top.rows[i].self);
		add_row(t, &t->top.rows[i], so_far);
	}
}

int render_text_top(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct table t = { .profile = profile, .o = options, .out = out };
	int type = profile_find_type(profile, options->type), rc;
	struct top_options how = { .base_type = -1,
		.granularity = options->granularity,
		.order = options->by_total ? TOP_BY_TOTAL : TOP_BY_SELF };

	if (type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(options->type.len < 100 ? options->type.len : 100), options->type.at);
	t.type = how.type = (size_t)type;
	t.unit = profile_text(profile, profile->types[type].unit);
	rc = top_build(profile, &how, &t.top, err);
	if (rc == 0) {
		trim(&t);
		choose_measure(&t);
		add_table(&t);
		if (out->failed || t.cell.failed)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	top_fini(&t.top);
	buf_fini(&t.cell);
	return rc;
}
