/* pyroscope_points: totals over time as querier.v1 has them. */
#include "server/pyroscope_points.h"

#include <stdlib.h>

#include "base/vec.h"
#include "server/pyroscope_called.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

struct drawing {
	const struct pyroscope_points_options *options;
	const struct pyroscope_request *request;
	const struct pyroscope_question *question;
	struct pyroscope_called called;
	struct pyroscope_points *into;
	struct err *err;
};

static int too_many(struct drawing *d)
{
	return err_set(d->err, ERR_LIMIT,
		"more lines of %zu points than there is memory for: narrow the selection, group by "
		"less or ask for a longer step",
		d->into->grid.n);
}

static struct pyroscope_line *add_line(struct drawing *d)
{
	struct pyroscope_points *into = d->into;
	struct pyroscope_line *line = VEC_ADD(into->lines, into->n_lines, into->cap_lines);

	if (!line)
		return NULL;
	*line = (struct pyroscope_line){
		.sums = arena_alloc(&into->arena, into->grid.n * sizeof(*line->sums)),
		.profiles = arena_alloc(&into->arena, into->grid.n * sizeof(*line->profiles)),
	};
	return line->sums && line->profiles ? line : NULL;
}

/* The number of a group is that of its line. */
static struct pyroscope_line *line_of(struct drawing *d, const struct store_series *series)
{
	uint32_t id = pyroscope_grouping_of(&d->into->grouping, series);

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
	size_t point = pyroscope_grid_point(&d->into->grid, part->begin_ns);
	struct pyroscope_line *line;
	int64_t total = part->total;
	int rc = d->options->call ? connect_check_time(d->options->call, d->err) : 0;

	if (rc < 0 || point >= d->into->grid.n)
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
	return view_compare(pyroscope_grouping_labels(&points->grouping, a),
		pyroscope_grouping_labels(&points->grouping, b));
}

static bool is_empty(const struct pyroscope_points *points, const struct pyroscope_line *line)
{
	for (size_t i = 0; i < points->grid.n; i++)
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

		for (size_t k = 0; k < points->grid.n; k++)
			line->total += pyroscope_points_value(points, line, k);
		if (!is_empty(points, line))
			points->order[n++] = (uint32_t)i;
	}
	qsort_r(points->order, n, sizeof(*points->order), by_total, points);
	points->n_lines = limit > 0 && (uint64_t)limit < n ? (size_t)limit : n;
	return 0;
}

static int scan(struct drawing *d)
{
	struct store_select select = d->question->select;
	struct store_scan how = { .select = &select,
		.detail = d->request->n_call_site ? STORE_STACKS : STORE_TOTALS,
		.step_ns = d->into->grid.step_ns,
		.part = on_part,
		.owner = d };

	select.from_ns = d->into->grid.from_ns;
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
		.called = { .site = { request->call_site, request->n_call_site },
			.late = store_names(options->store),
			.tenant = options->tenant },
		.into = ret,
		.err = err ? err : &unseen };
	int rc;

	*ret = (struct pyroscope_points){ .is_average = request->aggregation == 1,
		.grouping = { .names = &request->group_by } };
	arena_init(&ret->arena, PYROSCOPE_POINTS_BYTES_MAX);
	rc = pyroscope_question_profiles(&question, request, options->tenant, d.err);
	ret->grouping.type = &question.select.type;
	if (rc == 0)
		rc = pyroscope_grid_read(request, &ret->grid, d.err);
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
	pyroscope_grouping_fini(&points->grouping);
	free(points->lines);
	free(points->order);
	*points = (struct pyroscope_points){ 0 };
}

static void put_line(const struct pyroscope_points *points, uint32_t id, struct buf *reply)
{
	const struct pyroscope_line *line = &points->lines[id];
	size_t begun = proto_begin(reply, POINTS_REPLY_SERIES);

	buf_add_view(reply, pyroscope_grouping_labels(&points->grouping, id));
	for (size_t i = 0; i < points->grid.n; i++) {
		size_t point;

		if (!line->profiles[i])
			continue;
		point = proto_begin(reply, SERIES_POINTS);
		proto_put_double(reply, POINT_VALUE, pyroscope_points_value(points, line, i));
		proto_put_number(
			reply, POINT_TIMESTAMP, (uint64_t)pyroscope_grid_time(&points->grid, i));
		proto_end(reply, point);
	}
	proto_end(reply, begun);
}

static int select_series(
	void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_points_options options = { store, view_of(call->http->tenant), call };
	struct pyroscope_points points = { 0 };
	struct pyroscope_request request;
	int rc = pyroscope_request_read(
		&pyroscope_messages_points_request, call->request, &request, err);

	request.budget = call->http->budget;
	if (rc == 0)
		rc = pyroscope_points_make(&options, &request, &points, err);
	for (size_t i = 0; rc == 0 && i < points.n_lines; i++)
		put_line(&points, points.order[i], reply);
	pyroscope_points_fini(&points);
	return rc;
}

const struct connect_method pyroscope_points_select = { &pyroscope_messages_points_request,
	&pyroscope_messages_points_reply, select_series };
