/* render_samples: what a profile holds, sample by sample, as text. */
#include "render/render_samples.h"

#include <stdlib.h>

#include "model/frames.h"
#include "render/codepoint.h"
#include "render/measure.h"
#include "render/render_raw.h"

#define RULE "-----------+-------------------------------------------------------\n"

struct listing {
	const struct profile *profile;
	const struct render_text_options *o;
	struct buf *out;
	size_t type;
	struct view unit;
	int64_t whole;
	struct buf cell;
};

static int start(struct listing *l, struct err *err)
{
	struct view name = l->o->type;
	int type = profile_find_type(l->profile, name);

	if (type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(name.len < 100 ? name.len : 100), name.at);
	l->type = (size_t)type;
	l->unit = profile_text(l->profile, l->profile->types[type].unit);
	l->whole = l->o->whole ? l->o->whole : profile_total(l->profile, l->type);
	return 0;
}

static int finish(struct listing *l, int rc, struct err *err)
{
	if (rc == 0 && l->out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_fini(&l->cell);
	return rc;
}

static void add_text(struct buf *out, const struct profile *profile, uint32_t string)
{
	codepoint_add_inert(out, profile_text(profile, string));
}

/* In columns of ten at least. */
static void add_cell(struct listing *l, int64_t value)
{
	buf_clear(&l->cell);
	measure_add(&l->cell, value, measure_for(value, l->unit), l->unit);
	l->out->failed |= l->cell.failed;
	for (size_t i = l->cell.len; i < 10; i++)
		buf_add_char(l->out, ' ');
	buf_add_view(l->out, buf_view(&l->cell));
}

static int64_t value_of(const struct listing *l, size_t sample)
{
	return l->profile->values[sample * l->profile->n_types + l->type];
}

static uint64_t size_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* ---- traces ---- */

struct trace {
	uint32_t sample;
	uint64_t size;
};

static int heaviest_first(const void *left, const void *right)
{
	const struct trace *a = left, *b = right;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return a->sample < b->sample ? -1 : a->sample > b->sample;
}

static void add_trace_labels(struct listing *l, const struct sample *sample)
{
	const struct label_set *set = &l->profile->label_sets[sample->labels];

	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &l->profile->labels[set->first + i];
		struct view key = profile_text(l->profile, label->key);

		for (size_t column = key.len; column < 10; column++)
			buf_add_char(l->out, ' ');
		codepoint_add_inert(l->out, key);
		buf_add_text(l->out, ":  ");
		render_raw_label(l->out, l->profile, label);
		buf_add_char(l->out, '\n');
	}
}

static void add_trace(struct listing *l, const struct frames *frames, uint32_t id)
{
	const struct sample *sample = &l->profile->samples[id];
	const struct stack_node *nodes = l->profile->stacks.nodes;
	bool is_leaf = true;

	buf_add_text(l->out, RULE);
	add_trace_labels(l, sample);
	add_cell(l, value_of(l, id));
	if (sample->stack == STACK_EMPTY)
		buf_add_text(l->out, "   (no stack)\n");
	for (uint32_t at = sample->stack; at != STACK_EMPTY && !l->out->failed;
		at = nodes[at].parent) {
		uint32_t location = nodes[at].location;

		for (uint32_t f = frames->first[location]; f < frames->first[location + 1]; f++) {
			buf_add_text(l->out, is_leaf ? "   " : "             ");
			codepoint_add_inert(
				l->out, strings_at(&frames->names, frames->all[f].name));
			buf_add_char(l->out, '\n');
			is_leaf = false;
		}
	}
}

static int add_traces(struct listing *l, const struct frames *frames, struct err *err)
{
	struct trace *traces = calloc(l->profile->n_samples + 1, sizeof(*traces));
	size_t n = 0, max = l->o->rows_max ? l->o->rows_max : SIZE_MAX;

	if (!traces)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < l->profile->n_samples; i++)
		if (value_of(l, i))
			traces[n++] = (struct trace){ (uint32_t)i, size_of(value_of(l, i)) };
	if (n)
		qsort(traces, n, sizeof(*traces), heaviest_first);
	for (size_t i = 0; i < n && i < max && !l->out->failed; i++)
		add_trace(l, frames, traces[i].sample);
	buf_add_text(l->out, RULE);
	if (n > max)
		buf_add_format(l->out, "%zu more; -n shows more of them\n", n - max);
	free(traces);
	return 0;
}

int render_samples_traces(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct listing l = { .profile = profile, .o = options, .out = out };
	struct frames frames = { 0 };
	int rc = start(&l, err);

	if (rc == 0)
		rc = frames_init(&frames, profile, options->granularity, err);
	if (rc == 0)
		rc = add_traces(&l, &frames, err);
	frames_fini(&frames);
	return finish(&l, rc, err);
}

/* ---- tags ---- */

/* A label, by its key and value, and what its samples hold. */
struct tag {
	const struct label *label;
	int64_t value;
};

/* Keys and text are interned: equal ones have one id. */
static int compare_labels(const struct label *a, const struct label *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->str != b->str)
		return a->str < b->str ? -1 : 1;
	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return (a->num > b->num) - (a->num < b->num);
}

static int by_label(const void *left, const void *right)
{
	const struct tag *a = left, *b = right;

	return compare_labels(a->label, b->label);
}

static int by_size(const void *left, const void *right)
{
	const struct tag *a = left, *b = right;

	if (size_of(a->value) != size_of(b->value))
		return size_of(a->value) > size_of(b->value) ? -1 : 1;
	return compare_labels(a->label, b->label);
}

/* Equal labels become one; their number. */
static size_t sum_up(struct tag *tags, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(tags, n, sizeof(*tags), by_label);
	for (size_t i = 0; i < n; i++)
		if (kept && compare_labels(tags[kept - 1].label, tags[i].label) == 0) {
			if (__builtin_add_overflow(
				    tags[kept - 1].value, tags[i].value, &tags[kept - 1].value))
				tags[kept - 1].value = tags[i].value < 0 ? INT64_MIN : INT64_MAX;
		} else {
			tags[kept++] = tags[i];
		}
	return kept;
}

static void add_tag(struct listing *l, const struct tag *tag, int64_t total)
{
	add_cell(l, tag->value);
	buf_add_char(l->out, ' ');
	measure_add_percent(l->out, (double)tag->value, (double)total);
	buf_add_text(l->out, "  ");
	render_raw_label(l->out, l->profile, tag->label);
	buf_add_char(l->out, '\n');
}

/* All values of one key. */
static void add_key(struct listing *l, struct tag *tags, size_t n)
{
	size_t max = l->o->rows_max ? l->o->rows_max : SIZE_MAX;
	int64_t total = 0;

	for (size_t i = 0; i < n; i++)
		if (__builtin_add_overflow(total, tags[i].value, &total))
			total = tags[i].value < 0 ? INT64_MIN : INT64_MAX;
	qsort(tags, n, sizeof(*tags), by_size);
	add_text(l->out, l->profile, tags[0].label->key);
	buf_add_text(l->out, ": total ");
	measure_add(l->out, total, measure_for(total, l->unit), l->unit);
	buf_add_text(l->out, ", ");
	measure_add_percent(l->out, (double)total, (double)l->whole);
	buf_add_text(l->out, " of the profile\n");
	for (size_t i = 0; i < n && i < max; i++)
		add_tag(l, &tags[i], total);
	if (n > max)
		buf_add_format(l->out, "%zu more; -n shows more of them\n", n - max);
	buf_add_char(l->out, '\n');
}

/* Keys in alphabetical order: compare_labels made each of them one run. */
struct run {
	struct tag *first;
	size_t n;
	struct view key;
};

static int by_key(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	return view_compare(a->key, b->key);
}

static int add_tags(struct listing *l, struct tag *tags, size_t n, struct err *err)
{
	struct run *runs = calloc(n + 1, sizeof(*runs));
	size_t n_runs = 0;

	if (!runs)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || tags[i].label->key != tags[i - 1].label->key)
			runs[n_runs++] = (struct run){ &tags[i], 0,
				profile_text(l->profile, tags[i].label->key) };
		runs[n_runs - 1].n++;
	}
	if (n_runs)
		qsort(runs, n_runs, sizeof(*runs), by_key);
	for (size_t i = 0; i < n_runs; i++)
		add_key(l, runs[i].first, runs[i].n);
	if (!n_runs)
		buf_add_text(l->out, "No sample has a label.\n");
	free(runs);
	return 0;
}

static int list_tags(struct listing *l, struct err *err)
{
	const struct profile *p = l->profile;
	struct tag *tags;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < p->n_samples; i++)
		n += p->label_sets[p->samples[i].labels].count;
	tags = calloc(n + 1, sizeof(*tags));
	if (!tags)
		return err_set(err, ERR_NOMEM, "out of memory");
	n = 0;
	for (size_t i = 0; i < p->n_samples; i++) {
		const struct label_set *set = &p->label_sets[p->samples[i].labels];

		for (uint32_t j = 0; j < set->count; j++)
			tags[n++] = (struct tag){ &p->labels[set->first + j], value_of(l, i) };
	}
	rc = add_tags(l, tags, sum_up(tags, n), err);
	free(tags);
	return rc;
}

int render_samples_tags(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct listing l = { .profile = profile, .o = options, .out = out };
	int rc = start(&l, err);

	if (rc == 0)
		rc = list_tags(&l, err);
	return finish(&l, rc, err);
}
