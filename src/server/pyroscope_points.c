/* pyroscope_points: totals over time as querier.v1 has them. */
#include "server/pyroscope_points.h"

#include <stdlib.h>

#include "base/vec.h"
#include "server/pyroscope_called.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

#define MS INT64_C(1000000)
#define STEP_S_MAX 1e9

struct drawing {
	const struct pyroscope_points_options *options;
	const struct pyroscope_request *request;
	const struct pyroscope_question *question;
	struct pyroscope_called called;
	struct pyroscope_points *into;
	int64_t from_ns, step_ns;
	struct err *err;
};

static int too_many(struct drawing *d)
{
	return err_set(d->err, ERR_LIMIT,
		"more lines of %zu points than there is memory for: narrow the selection, group by "
		"less or ask for a longer step",
		d->into->n_points);
}

static void put_label(struct buf *set, struct view name, struct view value)
{
	size_t begun = proto_begin(set, LABELS_LABELS);

	proto_put_text(set, LABEL_PAIR_NAME, name);
	proto_put_text(set, LABEL_PAIR_VALUE, value);
	proto_end(set, begun);
}

static struct view find(const struct store_label *labels, size_t n, struct view name)
{
	for (size_t i = 0; i < n; i++)
		if (view_equal(labels[i].name, name))
			return labels[i].value;
	return VIEW("");
}

/* The labels that are grouped by, as far as the series has them. */
static void put_set(struct drawing *d, const struct store_series *series, struct buf *set)
{
	const struct pyroscope_texts *names = &d->request->group_by;
	struct store_label in_type[PYROSCOPE_TYPE_LABELS];
	BUF_AUTO id = { 0 };

	pyroscope_question_type_id(&d->question->select.type, &id);
	pyroscope_question_type_labels(&d->question->select.type, buf_view(&id), in_type);
	for (size_t i = 0; i < names->n; i++) {
		struct view name = names->at[i];
		struct view value = find(series->labels.at, series->labels.n, name);

		if (!value.len)
			value = find(in_type, PYROSCOPE_TYPE_LABELS, name);
		if (value.len)
			put_label(set, name, value);
	}
	set->failed |= id.failed;
}

static struct pyroscope_line *add_line(struct drawing *d)
{
	struct pyroscope_points *into = d->into;
	struct pyroscope_line *line = VEC_ADD(into->lines, into->n_lines, into->cap_lines);

	if (!line)
		return NULL;
	*line = (struct pyroscope_line){
		.sums = arena_alloc(&into->arena, into->n_points * sizeof(*line->sums)),
		.profiles = arena_alloc(&into->arena, into->n_points * sizeof(*line->profiles)),
	};
	return line->sums && line->profiles ? line : NULL;
}

/* The number of a set of labels is that of its line. */
static struct pyroscope_line *line_of(struct drawing *d, const struct store_series *series)
{
	BUF_AUTO set = { 0 };
	uint32_t id;

	put_set(d, series, &set);
	id = set.failed ? STRINGS_NONE : strings_add(&d->into->sets, buf_view(&set));
	if (id == STRINGS_NONE)
		return NULL;
	while (d->into->n_lines <= id)
		if (!add_line(d))
			return NULL;
	return &d->into->lines[id];
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct drawing *d = owner;
	size_t point = (size_t)((part->begin_ns - d->from_ns) / d->step_ns);
	struct pyroscope_line *line;
	int64_t total = part->total;
	int rc = d->options->call ? connect_check_time(d->options->call, d->err) : 0;

	if (rc < 0 || point >= d->into->n_points)
		return rc;
	if (part->dictionary) {
		rc = pyroscope_called_total(&d->called, part, &total, d->err);
		if (rc < 0)
			return rc;
	}
	line = line_of(d, part->series);
	if (!line)
		return too_many(d);
	line->sums[point] = add(line->sums[point], total);
	line->profiles[point] += part->n_profiles;
	return 0;
}

double pyroscope_points_value(
	const struct pyroscope_points *points, const struct pyroscope_line *line, size_t point)
{
	double sum = (double)line->sums[point];

	return points->is_average && line->profiles[point] ? sum / line->profiles[point] : sum;
}

static int by_total(const void *a_, const void *b_, void *points_)
{
	const struct pyroscope_points *points = points_;
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;
	double x = points->lines[a].total, y = points->lines[b].total;

	if (x != y)
		return x < y ? 1 : -1;
	return view_compare(strings_at(&points->sets, a), strings_at(&points->sets, b));
}

static bool is_empty(const struct pyroscope_points *points, const struct pyroscope_line *line)
{
	for (size_t i = 0; i < points->n_points; i++)
		if (line->profiles[i])
			return false;
	return true;
}

/* Lines that are empty (no series without any of the labels was met) go away. */
static int sort(struct pyroscope_points *points, int64_t limit, struct err *err)
{
	size_t n = 0;

	points->order = calloc(points->n_lines + 1, sizeof(*points->order));
	if (!points->order)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < points->n_lines; i++) {
		struct pyroscope_line *line = &points->lines[i];

		for (size_t k = 0; k < points->n_points; k++)
			line->total += pyroscope_points_value(points, line, k);
		if (!is_empty(points, line))
			points->order[n++] = (uint32_t)i;
	}
	qsort_r(points->order, n, sizeof(*points->order), by_total, points);
	points->n_lines = limit > 0 && (uint64_t)limit < n ? (size_t)limit : n;
	return 0;
}

/* The grid, and from where its first step begins. */
static int read_steps(struct drawing *d)
{
	const struct pyroscope_request *request = d->request;
	struct pyroscope_points *into = d->into;
	uint64_t range_ms = (uint64_t)request->end_ms - (uint64_t)request->start_ms;

	if (!(request->step_s >= 0.001 && request->step_s <= STEP_S_MAX))
		return err_set(d->err, ERR_USAGE, "step is at least a millisecond (0.001)");
	into->step_ms = (int64_t)(request->step_s * 1000 + 1e-6);
	into->start_ms = request->start_ms;
	if (range_ms / (uint64_t)into->step_ms >= PYROSCOPE_POINTS_MAX)
		return err_set(d->err, ERR_USAGE,
			"that would be %llu points; the limit is %u: ask for a longer step",
			(unsigned long long)(range_ms / (uint64_t)into->step_ms + 1),
			PYROSCOPE_POINTS_MAX);
	into->n_points = range_ms / (uint64_t)into->step_ms + 1;
	d->step_ns = into->step_ms * MS;
	if (__builtin_sub_overflow(d->question->select.from_ns, d->step_ns - MS, &d->from_ns))
		return err_set(d->err, ERR_USAGE, "start is too long ago for this step");
	return 0;
}

static int scan(struct drawing *d)
{
	struct store_select select = d->question->select;
	struct store_scan how = { .select = &select,
		.detail = d->request->n_call_site ? STORE_STACKS : STORE_TOTALS,
		.step_ns = d->step_ns,
		.part = on_part,
		.owner = d };

	select.from_ns = d->from_ns;
	return store_scan(d->options->store, &how, d->err);
}

int pyroscope_points_make(const struct pyroscope_points_options *options,
	const struct pyroscope_request *request, struct pyroscope_points *ret, struct err *err)
{
	struct err unseen = { 0 };
	struct pyroscope_question question;
	struct drawing d = { .options = options,
		.request = request,
		.question = &question,
		.called = { .site = { request->call_site, request->n_call_site } },
		.into = ret,
		.err = err ? err : &unseen };
	int rc;

	*ret = (struct pyroscope_points){ .is_average = request->aggregation == 1 };
	arena_init(&ret->arena, PYROSCOPE_POINTS_BYTES_MAX);
	rc = pyroscope_question_profiles(&question, request, options->tenant, d.err);
	if (rc == 0)
		rc = read_steps(&d);
	if (rc == 0 && !question.is_nothing)
		rc = scan(&d);
	if (rc == 0)
		rc = sort(ret, request->limit, d.err);
	pyroscope_called_fini(&d.called);
	pyroscope_question_fini(&question);
	return rc;
}

void pyroscope_points_fini(struct pyroscope_points *points)
{
	arena_fini(&points->arena);
	strings_fini(&points->sets);
	free(points->lines);
	free(points->order);
	*points = (struct pyroscope_points){ 0 };
}

static void put_line(const struct pyroscope_points *points, uint32_t id, struct buf *reply)
{
	const struct pyroscope_line *line = &points->lines[id];
	size_t begun = proto_begin(reply, POINTS_REPLY_SERIES);

	buf_add_view(reply, strings_at(&points->sets, id)); /* the field has the same number */
	for (size_t i = 0; i < points->n_points; i++) {
		size_t point;

		if (!line->profiles[i])
			continue;
		point = proto_begin(reply, SERIES_POINTS);
		proto_put_double(reply, POINT_VALUE, pyroscope_points_value(points, line, i));
		proto_put_number(reply, POINT_TIMESTAMP,
			(uint64_t)(points->start_ms + (int64_t)i * points->step_ms));
		proto_end(reply, point);
	}
	proto_end(reply, begun);
}

_Static_assert(LABELS_LABELS == (int)SERIES_LABELS, "a set of labels is written as it is kept");

static int select_series(
	void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_points_options options = { store, view_of(call->http->tenant), call };
	struct pyroscope_points points = { 0 };
	struct pyroscope_request request;
	int rc = pyroscope_request_read(
		&pyroscope_messages_points_request, call->request, &request, err);

	if (rc == 0)
		rc = pyroscope_points_make(&options, &request, &points, err);
	for (size_t i = 0; rc == 0 && i < points.n_lines; i++)
		put_line(&points, points.order[i], reply);
	pyroscope_points_fini(&points);
	return rc;
}

const struct connect_method pyroscope_points_select = { &pyroscope_messages_points_request,
	&pyroscope_messages_points_reply, select_series };
