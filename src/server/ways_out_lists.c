/* ways_out_lists: lists about what is kept, as JSON. */
#include "server/ways_out_lists.h"

#include <stdio.h>
#include <string.h>

#include "query/timeline.h"
#include "query/traces.h"
#include "server/arguments.h"
#include "wire/json.h"

#define POINTS_DEFAULT 300u
#define TRACES_DEFAULT 100u
#define SECOND INT64_C(1000000000)

static struct store_select select_of(const struct question *question)
{
	struct store_select select = question->select;

	if (!question->says_type)
		select.type = (struct store_type){ 0 };
	return select;
}

static void add_type(struct json *json, const struct store_type *type)
{
	BUF_AUTO id = { 0 };

	buf_add_view(&id, type->name);
	for (size_t i = 0; i < 4; i++) {
		const struct view parts[] = { type->type, type->unit, type->period_type,
			type->period_unit };

		buf_add_char(&id, ':');
		buf_add_view(&id, parts[i]);
	}
	json_text(json, buf_view(&id));
}

static int on_type(void *owner, const struct store_type *type)
{
	add_type(owner, type);
	return 0;
}

static int on_text(void *owner, struct view text)
{
	json_text(owner, text);
	return 0;
}

static void begin(struct json *json, const char *key)
{
	json_object(json);
	json_key(json, key), json_array(json);
}

static void end(struct json *json)
{
	json_array_end(json);
	json_object_end(json);
	buf_add_char(json->out, '\n');
}

int ways_out_lists_types(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct store_select select = select_of(question);
	struct json json = { .out = out };
	int rc;

	(void)call;
	begin(&json, "types");
	rc = store_find_types(store, &select, on_type, &json, err);
	end(&json);
	return rc;
}

int ways_out_lists_labels(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct store_select select = select_of(question);
	struct json json = { .out = out };
	int rc;

	(void)call;
	begin(&json, "labels");
	rc = store_find_names(store, &select, on_text, &json, err);
	end(&json);
	return rc;
}

int ways_out_lists_values(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct store_select select = select_of(question);
	struct json json = { .out = out };
	int rc;

	select.label = call->rest;
	begin(&json, "values");
	rc = store_find_values(store, &select, on_text, &json, err);
	end(&json);
	return rc;
}

static int on_series(void *owner, const struct store_series *series)
{
	struct json *json = owner;

	json_object(json);
	json_key(json, "name"), json_text(json, series->name);
	json_key(json, "labels"), json_object(json);
	for (size_t i = 0; i < series->labels.n; i++) {
		BUF_AUTO name = { 0 };

		buf_add_view(&name, series->labels.at[i].name); /* of letters, digits and _ */
		buf_add_char(&name, '\0');
		if (!name.failed)
			json_key(json, name.at), json_text(json, series->labels.at[i].value);
	}
	json_object_end(json);
	json_object_end(json);
	return 0;
}

int ways_out_lists_series(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct store_select select = select_of(question);
	struct json json = { .out = out };
	int rc;

	(void)call;
	begin(&json, "series");
	rc = store_find_series(store, &select, on_series, &json, err);
	end(&json);
	return rc;
}

static void add_seconds(struct json *json, int64_t ns)
{
	if (ns % SECOND == 0)
		json_i64(json, ns / SECOND);
	else
		json_double(json, (double)ns / 1e9);
}

static int step_of(const struct router_call *call, const struct store_select *select, int64_t *ret,
	struct err *err)
{
	*ret = timeline_step(select->to_ns - select->from_ns, POINTS_DEFAULT);
	return arguments_duration(call, "step", ret, err);
}

/* Of several labels each one's value. */
static void add_values(struct json *json, const struct timeline *timeline, uint32_t group)
{
	if (timeline->groups.n_labels < 2)
		return;
	json_key(json, "values"), json_array(json);
	for (size_t i = 0; i < timeline->groups.n_labels; i++)
		json_text(json, groups_value(&timeline->groups, group, i));
	json_array_end(json);
}

static void add_line(struct json *json, const struct timeline *timeline, size_t line)
{
	json_object(json);
	json_key(json, "value"), json_text(json, timeline->lines[line].value);
	add_values(json, timeline, timeline->lines[line].group);
	json_key(json, "total"), json_i64(json, timeline->lines[line].total);
	json_key(json, "profiles"), json_u64(json, timeline->lines[line].profiles);
	json_key(json, "series"), json_u64(json, timeline->lines[line].series);
	json_key(json, "points"), json_array(json);
	for (size_t i = 0; i < timeline->n_points; i++)
		json_i64(json, timeline->lines[line].points[i]);
	json_array_end(json);
	json_object_end(json);
}

int ways_out_lists_timeline(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct store_select select = question->select;
	struct timeline_options options = { .select = &select };
	struct arguments_group group;
	struct json json = { .out = out };
	struct timeline timeline;
	int rc = step_of(call, &select, &options.step_ns, err);

	if (rc == 0)
		rc = arguments_group(call, &group, err);
	if (rc < 0)
		return rc;
	options.group = group.labels;
	options.n_group = group.n;
	select.from_ns -= select.from_ns % options.step_ns; /* so that points stay where they are */
	rc = timeline_make(store, &options, &timeline, err);
	json_object(&json);
	json_key(&json, "from"), add_seconds(&json, select.from_ns);
	json_key(&json, "step"), add_seconds(&json, options.step_ns);
	json_key(&json, "type"), add_type(&json, &select.type);
	json_key(&json, "unit"), json_text(&json, select.type.unit);
	json_key(&json, "lines"), json_array(&json);
	for (size_t i = 0; rc == 0 && i < timeline.n_lines; i++)
		add_line(&json, &timeline, i);
	end(&json);
	timeline_fini(&timeline);
	return rc;
}

static void add_hex(struct json *json, const char *key, const uint8_t *id, size_t len)
{
	char text[33];

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", id[i]);
	json_key(json, key), json_text(json, (struct view){ text, 2 * len });
}

static void add_row(struct json *json, const struct traces_row *row, bool by_trace)
{
	json_object(json);
	add_hex(json, "trace_id", row->span.trace_id, 16);
	if (!by_trace)
		add_hex(json, "span_id", row->span.span_id, 8);
	json_key(json, "service"), json_text(json, row->service);
	json_key(json, "total"), json_i64(json, row->total);
	json_key(json, "from"), add_seconds(json, row->begin_ns);
	json_key(json, "until"), add_seconds(json, row->end_ns);
	json_object_end(json);
}

int ways_out_lists_traces(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	const char *by = httpd_argument(call->http, "by");
	bool by_trace = !by || strcmp(by, "trace") == 0;
	uint64_t limit = TRACES_DEFAULT;
	struct json json = { .out = out };
	struct traces traces;
	int rc;

	if (!by_trace && strcmp(by, "span") != 0)
		return err_set(err, ERR_USAGE, "by is trace or span");
	rc = arguments_number(call, "limit", TRACES_MAX, &limit, err);
	if (rc < 0)
		return rc;
	rc = traces_find(store, &question->select, by_trace, &traces, err);
	json_object(&json);
	json_key(&json, "found"), json_u64(&json, traces.n);
	json_key(&json, "unit"), json_text(&json, question->select.type.unit);
	json_key(&json, "traces"), json_array(&json);
	for (size_t i = 0; rc == 0 && i < traces.n && i < limit; i++)
		add_row(&json, &traces.rows[i], by_trace);
	end(&json);
	traces_fini(&traces);
	return rc;
}
