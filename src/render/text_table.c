/* text_table: what the tables of render_text and render_calls have in common. */
#include "render/text_table.h"

#include <time.h>

#include "render/codepoint.h"

static uint64_t size_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* Keeps the rows that count, in order. */
static void trim(struct text_table *t)
{
	struct top_row *rows = t->top.rows;
	size_t kept = 0;

	t->cutoff = (uint64_t)((double)t->whole * t->o->fraction_min);
	for (size_t i = 0; i < t->top.n_rows; i++)
		if (size_of(rows[i].total) >= t->cutoff)
			rows[kept++] = rows[i];
	t->n_kept = t->n_shown = kept;
	if (t->o->rows_max && t->o->rows_max < kept)
		t->n_shown = t->o->rows_max;
}

static void choose_measure(struct text_table *t)
{
	uint64_t smallest = 0;

	for (size_t i = 0; i < t->n_shown; i++) {
		uint64_t size = size_of(t->top.rows[i].self);

		if (!size)
			size = size_of(t->top.rows[i].total);
		if (size && (!smallest || size < smallest))
			smallest = size;
	}
	t->measure = measure_for_table(smallest, size_of(t->whole), t->unit);
}

void text_table_value(struct text_table *t, int64_t value)
{
	measure_add(t->out, value, t->measure, t->unit);
}

/* Right-aligned in ten columns. */
void text_table_cell(struct text_table *t, int64_t value)
{
	buf_clear(&t->cell);
	measure_add(&t->cell, value, t->measure, t->unit);
	t->out->failed |= t->cell.failed;
	for (size_t i = t->cell.len; i < 10; i++)
		buf_add_char(t->out, ' ');
	buf_add_view(t->out, buf_view(&t->cell));
}

void text_table_share(struct text_table *t, int64_t value)
{
	measure_add_percent(t->out, (double)value, (double)t->whole);
}

static void add_line(struct text_table *t, const char *what, struct view text)
{
	buf_add_text(t->out, what);
	codepoint_add_inert(t->out, text);
	buf_add_char(t->out, '\n');
}

static void add_time(struct text_table *t)
{
	time_t seconds = (time_t)(t->profile->time_ns / 1000000000);
	char text[64];
	struct tm tm;

	if (!t->profile->time_ns || !localtime_r(&seconds, &tm))
		return;
	if (strftime(text, sizeof(text), "%b %-d, %Y at %-I:%M%P (%Z)", &tm))
		add_line(t, "Time: ", view_of(text));
}

static void add_duration(struct text_table *t)
{
	int64_t duration = t->profile->duration_ns;
	double ns = measure_nanoseconds(t->unit) * (double)t->whole;

	if (!duration)
		return;
	buf_add_text(t->out, "Duration: ");
	measure_add(t->out, duration, measure_for(duration, VIEW("nanoseconds")), VIEW(""));
	buf_add_text(t->out, ", Total samples = ");
	text_table_value(t, t->whole);
	buf_add_char(t->out, ' ');
	if (ns != 0) {
		buf_add_char(t->out, '(');
		measure_add_percent(t->out, ns, (double)duration);
		buf_add_char(t->out, ')');
	}
	buf_add_char(t->out, '\n');
}

static void add_origin(struct text_table *t)
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

/* Their text is the user's, line by line. */
static void add_filters(struct text_table *t)
{
	struct view rest = t->o->filters;
	bool more = rest.len > 0;

	while (more) {
		struct view line = view_take(&rest, '\n', &more);

		if (line.len)
			add_line(t, "", line);
	}
}

static void add_left_out(struct text_table *t, int64_t shown)
{
	size_t n_dropped = t->top.n_rows - t->n_kept;

	buf_add_text(t->out, "Showing nodes accounting for ");
	text_table_value(t, shown);
	buf_add_text(t->out, ", ");
	buf_clear(&t->cell);
	measure_add_percent(&t->cell, (double)shown, (double)t->whole);
	t->out->failed |= t->cell.failed;
	buf_add_view(t->out, view_trim(buf_view(&t->cell)));
	buf_add_text(t->out, " of ");
	text_table_value(t, t->whole);
	buf_add_text(t->out, " total\n");
	if (n_dropped) {
		buf_add_format(t->out, "Dropped %zu node%s (cum <= ", n_dropped,
			n_dropped == 1 ? "" : "s");
		text_table_value(t, (int64_t)t->cutoff);
		buf_add_text(t->out, ")\n");
	}
	if (t->n_shown < t->n_kept)
		buf_add_format(t->out, "Showing top %zu nodes out of %zu\n", t->n_shown, t->n_kept);
}

void text_table_origin(struct text_table *t)
{
	add_origin(t);
	if (t->o->filters.len)
		buf_add_text(t->out, "Active filters:\n");
	add_filters(t);
}

void text_table_left_out(struct text_table *t)
{
	int64_t shown = 0;

	for (size_t i = 0; i < t->n_shown; i++)
		shown = text_table_sum(shown, t->top.rows[i].self);
	add_left_out(t, shown);
}

int text_table_build(struct text_table *t, struct err *err)
{
	struct view name = t->o->type;
	int type = profile_find_type(t->profile, name), rc;
	struct top_options how = { .base_type = -1,
		.granularity = t->o->granularity,
		.order = t->o->by_total ? TOP_BY_TOTAL : TOP_BY_SELF };

	if (type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(name.len < 100 ? name.len : 100), name.at);
	t->type = how.type = (size_t)type;
	t->unit = profile_text(t->profile, t->profile->types[type].unit);
	rc = top_build(t->profile, &how, &t->top, err);
	if (rc < 0)
		return rc;
	t->whole = t->o->whole ? t->o->whole : t->top.whole;
	trim(t);
	choose_measure(t);
	return 0;
}

int text_table_finish(struct text_table *t, int rc, struct err *err)
{
	if (rc == 0 && t->out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	top_fini(&t->top);
	buf_fini(&t->cell);
	return rc;
}
