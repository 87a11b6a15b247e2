/* render_json: the top table and the change between two profiles, for programs. */
#include "render/render_json.h"

#include "model/change.h"
#include "model/merge.h"
#include "render/text_table.h"
#include "render/truth.h"
#include "wire/json.h"

static void put_text(struct json *json, const char *key, struct view text)
{
	json_key(json, key);
	json_text(json, text);
}

static void put_i64(struct json *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_i64(json, number);
}

static void put_u64(struct json *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_u64(json, number);
}

static void put_double(struct json *json, const char *key, double number)
{
	json_key(json, key);
	json_double(json, number);
}

static void put_bool(struct json *json, const char *key, bool is)
{
	json_key(json, key);
	json_bool(json, is);
}

/* Where the samples of the capture went; nothing if the profile does not say. */
static void put_capture(struct json *json, const struct accounting *a)
{
	if (!a->known)
		return;
	json_key(json, "capture");
	json_object(json);
	put_u64(json, "attempted", a->attempted);
	put_u64(json, "complete", a->complete);
	json_key(json, "truncated");
	json_object(json);
	for (enum truncated_reason i = 0; i < TRUNCATED_REASONS; i++)
		put_u64(json, truncated_name(i), a->truncated[i]);
	json_object_end(json);
	json_key(json, "lost");
	json_object(json);
	for (enum lost_reason i = 0; i < LOST_REASONS; i++)
		put_u64(json, lost_name(i), a->lost[i]);
	json_object_end(json);
	put_u64(json, "idle_ticks", a->idle_ticks);
	put_u64(json, "all_ticks", a->all_ticks);
	json_object_end(json);
}

static void put_row(struct json *json, const struct top *top, const struct top_row *row)
{
	put_text(json, "name", strings_at(&top->names, row->name));
	put_text(json, "module", strings_at(&top->names, row->module));
}

static void put_top(struct json *json, const struct text_table *t)
{
	const struct profile *p = t->profile;

	put_text(json, "type", profile_text(p, p->types[t->type].type));
	put_text(json, "unit", t->unit);
	put_i64(json, "whole", t->whole);
	put_u64(json, "samples", truth_samples(p));
	put_capture(json, &p->accounting);
	put_u64(json, "n_functions", t->top.n_rows);
	json_key(json, "functions");
	json_array(json);
	for (size_t i = 0; i < t->n_shown; i++) {
		const struct top_row *row = &t->top.rows[i];

		json_object(json);
		put_row(json, &t->top, row);
		put_i64(json, "self", row->self);
		put_i64(json, "total", row->total);
		put_bool(json, "inlined", row->inlined == TOP_INLINED);
		json_object_end(json);
	}
	json_array_end(json);
}

int render_json_top(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct text_table t = { .profile = profile, .o = options, .out = out };
	struct json json = { .out = out };
	int rc = text_table_build(&t, err);

	if (rc == 0) {
		json_object(&json);
		put_top(&json, &t);
		json_object_end(&json);
		buf_add_char(out, '\n');
	}
	return text_table_finish(&t, rc, err);
}

static void put_side(
	struct json *json, const char *name, const struct profile *profile, int64_t whole)
{
	json_key(json, name);
	json_object(json);
	put_i64(json, "whole", whole);
	put_u64(json, "samples", truth_samples(profile));
	put_capture(json, &profile->accounting);
	json_object_end(json);
}

static void put_change(struct json *json, const struct change *change, const struct change_row *row)
{
	json_object(json);
	put_row(json, &change->top, row->top);
	put_i64(json, "base_self", row->top->base_self);
	put_i64(json, "base_total", row->top->base_total);
	put_i64(json, "self", row->top->self);
	put_i64(json, "total", row->top->total);
	put_double(json, "base_share", row->base_share);
	put_double(json, "share", row->share);
	put_double(json, "low", row->low);
	put_double(json, "high", row->high);
	put_double(json, "p", row->p);
	put_double(json, "q", row->q);
	put_bool(json, "significant", row->is_significant);
	put_bool(json, "new", row->is_new);
	put_bool(json, "gone", row->is_gone);
	json_object_end(json);
}

static void put_changes(
	struct json *json, const struct change *change, const struct render_diff_options *options)
{
	size_t shown = 0;

	put_u64(json, "n_significant", change->n_significant);
	json_key(json, "functions");
	json_array(json);
	for (size_t i = 0; i < change->top.n_rows; i++) {
		const struct change_row *row = &change->rows[i];

		if (!row->is_significant && !options->all)
			continue;
		if (options->rows_max && shown++ == options->rows_max)
			break;
		put_change(json, change, row);
	}
	json_array_end(json);
}

int render_json_diff(const struct profile *base, const struct profile *now,
	const struct render_diff_options *options, struct buf *out, struct err *err)
{
	PROFILE_AUTO pair = NULL;
	struct json json = { .out = out };
	struct change change = { 0 };
	int rc = merge_pair(base, now, options->type, &pair, err);

	if (rc < 0)
		return rc;
	rc = change_build(
		pair, (double)truth_samples(base), (double)truth_samples(now), &change, err);
	if (rc == 0) {
		json_object(&json);
		put_text(&json, "unit", profile_text(pair, pair->types[0].unit));
		put_side(&json, "base", base, profile_total(pair, 0));
		put_side(&json, "new", now, profile_total(pair, 1));
		put_changes(&json, &change, options);
		json_object_end(&json);
		buf_add_char(out, '\n');
		if (out->failed)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	change_fini(&change);
	return rc;
}
