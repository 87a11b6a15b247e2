/* naive: what was pushed, as a list of samples that every answer is added up from anew. */
#include "testing.h"

#include "naive.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/frames.h"
#include "query/folded_of.h"
#include "query/gather.h"

struct view naive_label(const struct workload_entry *e, struct view name)
{
	for (size_t i = 0; i < e->entry.labels.n; i++)
		if (view_equal(e->entry.labels.at[i].name, name))
			return e->entry.labels.at[i].value;
	return VIEW("");
}

static void naive_hex(struct view text, uint8_t *into)
{
	for (size_t i = 0; i + 1 < text.len; i += 2) {
		char pair[3] = { text.at[i], text.at[i + 1], '\0' };

		into[i / 2] = (uint8_t)strtoul(pair, NULL, 16);
	}
}

static void naive_span(const struct profile *p, uint32_t labels, struct naive_sample *into)
{
	const struct label_set *set = &p->label_sets[labels];

	for (uint32_t i = 0; labels && i < set->count; i++) {
		const struct label *label = &p->labels[set->first + i];
		struct view key = profile_text(p, label->key), value = profile_text(p, label->str);

		if (view_equal(key, VIEW("trace_id")))
			naive_hex(value, into->span.trace_id);
		else if (view_equal(key, VIEW("span_id")))
			naive_hex(value, into->span.span_id);
		else
			continue;
		into->has_span = true;
	}
}

static void naive_frames(struct naive *n, const struct profile *p, const struct frames *frames,
	struct naive_sample *into)
{
	uint32_t path[NAIVE_FRAMES_MAX];
	size_t depth = 0;

	for (uint32_t at = into->stack; at; at = p->stacks.nodes[at].parent) {
		assert_true(depth < NAIVE_FRAMES_MAX);
		path[depth++] = p->stacks.nodes[at].location;
	}
	while (depth-- > 0) {
		uint32_t first = frames->first[path[depth]], end = frames->first[path[depth] + 1];

		for (uint32_t f = end; f-- > first;) {
			assert_true(into->n_names < NAIVE_FRAMES_MAX);
			into->ends[into->n_names] = f == first;
			into->names[into->n_names++] = strings_add(
				&n->names, strings_at(&frames->names, frames->all[f].name));
		}
	}
}

void naive_add(struct naive *n, const struct workload_entry *e)
{
	const struct profile *p = e->profile;
	struct frames frames;

	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_sample *added = VEC_ADD(n->samples, n->n, n->cap);

		*added = (struct naive_sample){ .of = e,
			.stack = p->samples[i].stack,
			.values = { p->values[2 * i], p->values[2 * i + 1] } };
		naive_span(p, p->samples[i].labels, added);
		naive_frames(n, p, &frames, added);
	}
	frames_fini(&frames);
}

void naive_fini(struct naive *n)
{
	strings_fini(&n->names);
	free(n->samples);
}

static bool naive_matches(const struct naive_matcher *m, const struct workload_entry *e)
{
	struct view value = naive_label(e, m->matcher.name);
	bool is_in = false;

	for (size_t i = 0; i < m->n_values; i++)
		is_in |= view_equal(value, m->values[i]);
	return is_in == (m->matcher.op == MATCHER_IS || m->matcher.op == MATCHER_LIKE);
}

static bool naive_is_of(const struct store_select *select, const struct naive_sample *s)
{
	bool is_trace = !select->n_traces, is_span = !select->n_spans;

	for (size_t i = 0; i < select->n_traces; i++)
		is_trace |= memcmp(select->traces[i], s->span.trace_id, 16) == 0;
	for (size_t i = 0; i < select->n_spans; i++)
		is_span |= memcmp(select->spans[i], s->span.span_id, 8) == 0;
	return (select->n_traces + select->n_spans == 0 || s->has_span) && is_trace && is_span;
}

/* A trace's profiles are those that meet the range; all others, those that begin in it. */
static bool naive_is_in(const struct store_select *select, const struct profile *p)
{
	int64_t met_ns = select->n_traces + select->n_spans ? p->duration_ns - 1 : 0;

	return p->time_ns + met_ns >= select->from_ns && p->time_ns < select->to_ns;
}

size_t naive_point(const struct naive_question *q, const struct naive_sample *s, int64_t step_ns)
{
	int64_t after_ns = s->of->profile->time_ns - q->select.from_ns;

	return after_ns < 0 ? 0 : (size_t)(after_ns / step_ns);
}

bool naive_selects(const struct naive_question *q, const struct naive_sample *s)
{
	const struct workload_entry *e = s->of;

	if (!view_equal(e->entry.tenant, q->select.tenant) || !naive_is_in(&q->select, e->profile))
		return false;
	for (size_t i = 0; i < q->select.n_matchers; i++)
		if (!naive_matches(&q->matchers[i], e))
			return false;
	return naive_is_of(&q->select, s);
}

int64_t naive_total(const struct naive *n, const struct naive_question *q)
{
	int64_t total = 0;

	for (size_t i = 0; i < n->n; i++)
		if (naive_selects(q, &n->samples[i]))
			total += n->samples[i].values[q->which];
	return total;
}

/* ---- as text ---- */

static void naive_labels(
	const struct naive_question *q, const struct workload_entry *e, struct buf *out)
{
	size_t first = q->n_group == 2 && view_compare(q->group[0], q->group[1]) > 0;

	for (size_t i = 0; i < q->n_group; i++) {
		struct view name = q->group[i ^ first], value = naive_label(e, name);

		if (value.len)
			buf_add_format(out, "%.*s=%.*s ", (int)name.len, name.at, (int)value.len,
				value.at);
	}
}

/* How many of its locations' frames a sample goes along the path; SIZE_MAX: to its end. */
static size_t naive_along(
	const struct naive *n, const struct naive_question *q, const struct naive_sample *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_names && i < q->n_path; i++) {
		if (!view_equal(strings_at(&n->names, s->names[i]), q->path[i]))
			return kept;
		if (s->ends[i])
			kept = i + 1;
	}
	/* The path may end within a location, which is then below it. */
	return s->n_names >= q->n_path ? SIZE_MAX : kept;
}

/* "pod=a main;work ", or "main;other " where the path was left. */
static void naive_line(const struct naive *n, const struct naive_question *q,
	const struct naive_sample *s, struct buf *out)
{
	size_t along = q->n_path ? naive_along(n, q, s) : SIZE_MAX;
	size_t shown = along < s->n_names ? along : s->n_names;
	BUF_AUTO whole = { 0 };
	struct view text;

	naive_labels(q, s->of, out);
	folded_stack(s->of->profile, s->stack, &whole);
	text = buf_view(&whole);
	if (along == SIZE_MAX || (shown == s->n_names && along == s->n_names)) {
		buf_add_view(out, text);
	} else {
		uint32_t stack = s->stack;
		size_t left = s->n_names;
		BUF_AUTO part = { 0 };

		/* Up to the location where it goes another way. */
		while (left > shown) {
			stack = s->of->profile->stacks.nodes[stack].parent;
			for (left--; left > shown && !s->ends[left - 1]; left--)
				;
		}
		folded_stack(s->of->profile, stack, &part);
		buf_add_view(out, buf_view(&part));
		buf_add_text(out, part.len ? ";" GATHER_OTHER : GATHER_OTHER);
	}
	buf_add_char(out, ' ');
}

void naive_folded(
	const struct naive *n, const struct naive_question *q, bool only_below, struct buf *out)
{
	struct folded_line *lines = calloc(n->n + 1, sizeof(*lines));
	size_t n_lines = 0;

	for (size_t i = 0; i < n->n; i++) {
		const struct naive_sample *s = &n->samples[i];

		if (!naive_selects(q, s) || (only_below && naive_along(n, q, s) != SIZE_MAX))
			continue;
		naive_line(n, q, s, &lines[n_lines].text);
		lines[n_lines++].value = s->values[q->which];
	}
	folded_join(lines, n_lines, out);
	free(lines);
}
