/* pyroscope_heatmap: how many profiles, or spans of profiles, had how much, over time. */
#include "server/pyroscope_heatmap.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "server/pyroscope_grid.h"
#include "server/pyroscope_grouping.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

#define ROWS PYROSCOPE_HEATMAP_ROWS
#define MS INT64_C(1000000)

enum { BY_PROFILE = 1, BY_SPAN };               /* querier.v1.HeatmapQueryType */
enum { EXEMPLAR_PROFILES = 2, EXEMPLAR_SPANS }; /* types.v1.ExemplarType */

struct thing { /* a profile, or a span in one */
	uint32_t line, point;
	int64_t time_ms, value;
	struct store_span span;
};

struct heat_line {
	uint32_t group;
	size_t first, n; /* of things */
	double total;
};

struct counting {
	const struct connect_call *call;
	const struct pyroscope_request *request;
	struct pyroscope_grid grid;
	struct pyroscope_grouping grouping;
	struct thing *things; /* owned */
	size_t n, cap;
	struct heat_line *lines; /* owned; the largest first */
	size_t n_lines;
	int64_t least, largest;
	int64_t *sums; /* owned: of the spans of one profile */
	size_t cap_sums;
	struct err *err;
};

static int no_memory(struct counting *c)
{
	return err_set(c->err, ERR_NOMEM, "out of memory");
}

static int add_thing(struct counting *c, const struct store_part *part, int64_t value,
	const struct store_span *span)
{
	uint32_t group = pyroscope_grouping_of(&c->grouping, part->series);
	size_t point = pyroscope_grid_point(&c->grid, part->begin_ns);
	struct thing *thing;

	if (c->n == PYROSCOPE_HEATMAP_THINGS_MAX)
		return err_set(c->err, ERR_LIMIT,
			"more than %u are selected: narrow the selection or the range",
			PYROSCOPE_HEATMAP_THINGS_MAX);
	thing = VEC_ADD(c->things, c->n, c->cap);
	if (!thing || group == STRINGS_NONE)
		return no_memory(c);
	*thing = (struct thing){
		.line = group,
		.point = (uint32_t)(point < c->grid.n ? point : c->grid.n),
		.time_ms = part->begin_ns / MS,
		.value = value,
	};
	if (span)
		thing->span = *span;
	return 0;
}

static int add_spans(struct counting *c, const struct store_part *part)
{
	int rc = 0;

	if (!VEC_FITS(c->sums, c->cap_sums, part->n_spans + 1))
		return no_memory(c);
	memset(c->sums, 0, (part->n_spans + 1) * sizeof(*c->sums));
	for (size_t i = 0; part->span_of && i < part->n; i++)
		if (__builtin_add_overflow(
			    c->sums[part->span_of[i]], part->values[i], &c->sums[part->span_of[i]]))
			c->sums[part->span_of[i]] = INT64_MAX;
	for (size_t i = 1; rc == 0 && i <= part->n_spans; i++)
		if (c->sums[i])
			rc = add_thing(c, part, c->sums[i], &part->spans[i - 1]);
	return rc;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct counting *c = owner;
	int rc = connect_check_time(c->call, c->err);

	if (rc < 0)
		return rc;
	if (c->request->heatmap == BY_SPAN)
		return add_spans(c, part);
	return add_thing(c, part, part->total, NULL);
}

/* ---- lines ---- */

static unsigned row_of(const struct counting *c, int64_t value)
{
	double height = (double)c->largest - (double)c->least;
	double row = height > 0 ? ((double)value - (double)c->least) / height * ROWS : 0;

	return row < ROWS ? (unsigned)row : ROWS - 1;
}

static int by_place(const void *a_, const void *b_)
{
	const struct thing *a = a_, *b = b_;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->point != b->point)
		return a->point < b->point ? -1 : 1;
	return a->value < b->value ? 1 : a->value > b->value ? -1 : 0; /* the largest first */
}

static int by_total(const void *a_, const void *b_)
{
	const struct heat_line *a = a_, *b = b_;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return a->group < b->group ? -1 : a->group > b->group;
}

static int make_lines(struct counting *c)
{
	uint64_t limit = c->request->limit > 0 ? (uint64_t)c->request->limit : UINT64_MAX;

	c->lines = calloc(c->grouping.sets.count + 1, sizeof(*c->lines));
	if (!c->lines)
		return no_memory(c);
	if (c->n)
		qsort(c->things, c->n, sizeof(*c->things), by_place);
	for (size_t i = 0; i < c->n; i++) {
		const struct thing *thing = &c->things[i];

		if (i == 0 || thing->line != c->things[i - 1].line)
			c->lines[c->n_lines++] = (struct heat_line){ thing->line, i, 0, 0 };
		c->lines[c->n_lines - 1].n++;
		c->lines[c->n_lines - 1].total += (double)thing->value;
		c->least = i == 0 || thing->value < c->least ? thing->value : c->least;
		c->largest = i == 0 || thing->value > c->largest ? thing->value : c->largest;
	}
	if (c->n_lines)
		qsort(c->lines, c->n_lines, sizeof(*c->lines), by_total);
	if (c->n_lines > limit)
		c->n_lines = (size_t)limit;
	return 0;
}

/* ---- the reply ---- */

/* An id of zeros is none. */
static void put_hex(struct buf *out, uint32_t id, const uint8_t *bytes, size_t len)
{
	bool is_some = false;
	char text[33];

	for (size_t i = 0; i < len; i++) {
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
		is_some |= bytes[i];
	}
	if (is_some)
		proto_put_bytes(out, id, (struct view){ text, 2 * len });
}

static void put_exemplar(struct buf *out, const struct thing *thing)
{
	size_t begun = proto_begin(out, SLOT_EXEMPLARS);

	proto_put_number(out, EXEMPLAR_TIMESTAMP, (uint64_t)thing->time_ms);
	put_hex(out, EXEMPLAR_SPAN_ID, thing->span.span_id, sizeof(thing->span.span_id));
	proto_put_number(out, EXEMPLAR_VALUE, (uint64_t)thing->value);
	put_hex(out, EXEMPLAR_TRACE_ID, thing->span.trace_id, sizeof(thing->span.trace_id));
	proto_end(out, begun);
}

static void add_double(struct buf *out, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	bits = htole64(bits);
	buf_add(out, &bits, sizeof(bits));
}

static void put_edges(const struct counting *c, struct buf *out)
{
	double height = ((double)c->largest - (double)c->least) / ROWS;
	size_t begun = proto_begin(out, SLOT_Y_MIN);

	for (unsigned i = 0; i < ROWS; i++)
		add_double(out, (double)c->least + (height > 0 ? height : 1.0 / ROWS) * i);
	proto_end(out, begun);
}

/* The things of one column; the largest of each row is its exemplar. */
static size_t put_slot(
	const struct counting *c, const struct thing *things, size_t n, struct buf *out)
{
	bool are_shown = c->request->exemplars == EXEMPLAR_SPANS;
	uint32_t counts[ROWS] = { 0 };
	size_t slot = proto_begin(out, HEATMAP_SLOTS), packed, in_column = 0;

	proto_put_number(
		out, SLOT_TIMESTAMP, (uint64_t)pyroscope_grid_time(&c->grid, things->point));
	put_edges(c, out);
	while (in_column < n && things[in_column].point == things->point)
		counts[row_of(c, things[in_column++].value)]++;
	packed = proto_begin(out, SLOT_COUNTS);
	for (unsigned i = 0; i < ROWS; i++)
		proto_put_varint(out, counts[i]);
	proto_end(out, packed);
	for (size_t i = 0; are_shown && i < in_column; i++)
		if (i == 0 || row_of(c, things[i].value) != row_of(c, things[i - 1].value))
			put_exemplar(out, &things[i]);
	proto_end(out, slot);
	return in_column;
}

static void put_line(const struct counting *c, const struct heat_line *line, struct buf *reply)
{
	size_t begun = proto_begin(reply, HEATMAP_REPLY_SERIES);

	buf_add_view(reply, pyroscope_grouping_labels(&c->grouping, line->group));
	for (size_t i = 0; i < line->n;)
		i += put_slot(c, &c->things[line->first + i], line->n - i, reply);
	proto_end(reply, begun);
}

/* ---- the method ---- */

static int check_request(const struct pyroscope_request *request, struct err *err)
{
	uint64_t by = request->heatmap, exemplars = request->exemplars;

	if (by != BY_PROFILE && by != BY_SPAN)
		return err_set(err, ERR_USAGE, "query_type is INDIVIDUAL or SPAN");
	if (exemplars > EXEMPLAR_SPANS || (exemplars == EXEMPLAR_SPANS && by != BY_SPAN) ||
		(exemplars == EXEMPLAR_PROFILES && by != BY_PROFILE))
		return err_set(err, ERR_USAGE, "exemplar_type is that of query_type, or NONE");
	return 0;
}

static int count(struct counting *c, struct store *store, struct view tenant)
{
	struct pyroscope_question question;
	struct store_scan scan = { .select = &question.select,
		.detail = c->request->heatmap == BY_SPAN ? STORE_SPANS : STORE_TOTALS,
		.apart = true,
		.part = on_part,
		.owner = c };
	int rc = pyroscope_question_profiles(&question, c->request, tenant, c->err);

	if (rc == 0)
		rc = pyroscope_grid_read(c->request, &c->grid, c->err);
	c->grouping.type = &question.select.type;
	question.select.from_ns = c->grid.from_ns;
	if (rc == 0 && !question.is_nothing)
		rc = store_scan(store, &scan, c->err);
	pyroscope_question_fini(&question);
	return rc < 0 ? rc : make_lines(c);
}

static int select_heatmap(
	void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_request request;
	struct err unseen;
	struct counting c = { .call = call,
		.request = &request,
		.grouping = { .names = &request.group_by },
		.err = err ? err : &unseen };
	int rc = pyroscope_request_read(
		&pyroscope_messages_heatmap_request, call->request, &request, c.err);

	if (rc == 0)
		rc = check_request(&request, c.err);
	if (rc == 0)
		rc = count(&c, store, view_of(call->http->tenant));
	for (size_t i = 0; rc == 0 && i < c.n_lines; i++)
		put_line(&c, &c.lines[i], reply);
	pyroscope_grouping_fini(&c.grouping);
	free(c.things);
	free(c.lines);
	free(c.sums);
	return rc;
}

const struct connect_method pyroscope_heatmap_select = { &pyroscope_messages_heatmap_request,
	&pyroscope_messages_heatmap_reply, select_heatmap };
