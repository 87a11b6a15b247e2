/* ways_out_lists: lists about what is kept, as JSON. */
#include "server/ways_out_lists.h"

#include <stdio.h>
#include <string.h>

#include "query/traces.h"
#include "server/arguments.h"
#include "server/ways_out_time.h"
#include "wire/json.h"

#define TRACES_DEFAULT 100u

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
	ways_out_time_add(json, "from", row->begin_ns);
	ways_out_time_add(json, "until", row->end_ns);
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
