/* pyroscope_render: Pyroscope's older routes for readers. */
#include "server/pyroscope_render.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/clock.h"
#include "ingest/when.h"
#include "server/arguments.h"
#include "server/connect.h"
#include "server/payload.h"
#include "server/problem.h"
#include "server/pyroscope_appquery.h"
#include "server/pyroscope_diff.h"
#include "server/pyroscope_formats.h"
#include "server/pyroscope_lists.h"
#include "server/pyroscope_stacks.h"
#include "server/pyroscope_timeline.h"

#define HOUR_NS INT64_C(3600000000000)
#define MS INT64_C(1000000)
#define REPLY_MAX ((size_t)256 << 20)
#define DOT_SOURCE 512u /* nodes that a call graph is made of, at least */

/* A request of these routes, read. */
struct asked {
	const struct router_call *call;
	struct pyroscope_appquery query;
	struct pyroscope_request request;
};

static void finish(
	const struct router_call *call, struct httpd_reply *reply, int rc, struct err *err)
{
	if (rc == 0 && reply->made.failed)
		rc = err_set(err, ERR_LIMIT, "the answer is too large: ask for less");
	if (rc < 0)
		problem_reply(reply, connect_status(rc), err->text);
	else
		payload_pack(call->http, reply);
}

/* ---- arguments ---- */

static int read_time(const struct router_call *call, const char *name, int64_t now_ns,
	int64_t *ret_ms, struct err *err)
{
	struct view text = view_of(httpd_argument(call->http, name));
	int64_t ns;

	if (!text.len)
		return 0;
	if (!when_parse(text, now_ns, &ns))
		return err_set(err, ERR_USAGE,
			"%s='%.40s' is no time: now, now-1h, or seconds or milliseconds since 1970",
			name, text.at);
	*ret_ms = ns / MS;
	return 0;
}

static int read_nodes(struct asked *asked, struct err *err)
{
	uint64_t nodes = 0;
	int rc = arguments_number(asked->call, "max-nodes", UINT32_MAX, &nodes, err);

	if (rc == 0)
		rc = arguments_number(asked->call, "maxNodes", UINT32_MAX, &nodes, err);
	asked->request.nodes_max = (int64_t)nodes;
	return rc;
}

struct names { /* of arguments */
	const char *query, *from, *until;
};

/* Finish with pyroscope_appquery_fini, also after an error. */
static int read_asked(struct asked *asked, const struct names *names, struct err *err)
{
	int64_t now_ns = (int64_t)clock_realtime_ns();
	struct view text = view_of(httpd_argument(asked->call->http, names->query));
	int rc = pyroscope_appquery_read(&asked->query, text, err);

	if (rc == 0 && !text.len)
		rc = err_set(err, ERR_USAGE, "%s is missing", names->query);
	asked->request = (struct pyroscope_request){ .type = asked->query.type,
		.selector = asked->query.selector,
		.start_ms = (now_ns - HOUR_NS) / MS,
		.end_ms = now_ns / MS,
		.budget = asked->call->budget };
	if (rc == 0)
		rc = read_time(asked->call, names->from, now_ns, &asked->request.start_ms, err);
	if (rc == 0)
		rc = read_time(asked->call, names->until, now_ns, &asked->request.end_ms, err);
	if (rc == 0)
		rc = read_nodes(asked, err);
	return rc;
}

/* ---- what both have ---- */

static bool is_one_of(struct view text, const char *const *names)
{
	for (; *names; names++)
		if (view_equal(text, view_of(*names)))
			return true;
	return false;
}

static void add_metadata(const struct profile *profile, const char *format, struct json *json)
{
	static const char *const objects[] = { "inuse_objects", "alloc_objects", "goroutine",
		"samples", NULL };
	struct view type = profile_text(profile, profile->types[0].type);
	struct view unit = profile_text(profile, profile->types[0].unit);
	bool is_cpu = view_equal(type, VIEW("cpu"));

	if (is_one_of(type, objects))
		unit = VIEW("objects");
	else if (is_cpu)
		unit = VIEW("samples");
	json_key(json, "metadata"), json_object(json);
	json_key(json, "format"), json_text(json, view_of(format));
	json_key(json, "spyName"), json_text(json, VIEW(""));
	json_key(json, "sampleRate"), json_i64(json, is_cpu ? 1000000000 : 100);
	json_key(json, "units"), json_text(json, unit);
	json_key(json, "name"), json_text(json, type);
	json_object_end(json);
}

static void begin(const struct flamebearer *flamebearer, struct json *json)
{
	json_object(json);
	json_key(json, "version"), json_i64(json, 1);
	json_key(json, "flamebearer"), flamebearer_json(flamebearer, json);
}

/* ---- one selection ---- */

static struct view name_of(
	const struct asked *asked, const struct pyroscope_points *points, size_t line)
{
	struct view value = pyroscope_grouping_value(
		pyroscope_grouping_labels(&points->grouping, points->order[line]),
		asked->request.group_by.at[0]);

	return value.len ? value : VIEW("*");
}

static void add_times(
	const struct asked *asked, const struct pyroscope_points *points, struct json *json)
{
	struct pyroscope_timeline all = { points, asked->request.end_ms, 0, points->n_lines };

	json_key(json, "timeline"), pyroscope_timeline_json(&all, json);
	json_key(json, "groups");
	if (!asked->request.group_by.n) {
		json_null(json);
		return;
	}
	json_object(json);
	for (size_t i = 0; i < points->n_lines; i++) {
		struct pyroscope_timeline one = { points, asked->request.end_ms, i, 1 };

		json_key_text(json, name_of(asked, points, i));
		pyroscope_timeline_json(&one, json);
	}
	json_object_end(json);
}

static int write_single(const struct asked *asked, const struct profile *profile,
	const struct pyroscope_points *points, struct buf *out, struct err *err)
{
	struct tree_options options = { .base_type = -1 };
	struct flamebearer flamebearer = { 0 };
	struct json json = { .out = out };
	struct tree tree;
	size_t nodes = 0;
	int rc = tree_build(profile, &options, &tree, err);

	if (rc == 0)
		rc = pyroscope_formats_nodes(&asked->request, &nodes, err);
	if (rc == 0)
		rc = flamebearer_make(&tree, nodes, &flamebearer, err);
	if (rc == 0) {
		begin(&flamebearer, &json);
		add_metadata(profile, "single", &json);
		add_times(asked, points, &json);
		json_key(&json, "heatmap"), json_null(&json);
		json_object_end(&json);
		buf_add_char(out, '\n');
	}
	flamebearer_fini(&flamebearer);
	tree_fini(&tree);
	return rc;
}

/* groupBy (the first counts) and aggregation. */
static int read_grouping(struct asked *asked, struct err *err)
{
	struct pyroscope_request *request = &asked->request;
	struct view group = view_of(httpd_argument(asked->call->http, "groupBy"));
	const char *aggregation = httpd_argument(asked->call->http, "aggregation");

	if (group.len)
		request->group_by = (struct pyroscope_texts){ { group }, 1 };
	request->aggregation = aggregation && strcmp(aggregation, "avg") == 0;
	if (aggregation && !request->aggregation && strcmp(aggregation, "sum") != 0)
		return err_set(err, ERR_USAGE, "aggregation is sum or avg");
	request->step_s = (double)pyroscope_timeline_step(request->start_ms, request->end_ms);
	return 0;
}

static int write_json(struct asked *asked, const struct profile *profile, struct store *store,
	struct buf *out, struct err *err)
{
	struct pyroscope_points_options options = { .store = store,
		.tenant = view_of(asked->call->tenant) };
	struct pyroscope_points points = { 0 };
	int rc = read_grouping(asked, err);

	if (rc == 0)
		rc = pyroscope_points_make(&options, &asked->request, &points, err);
	if (rc == 0)
		rc = write_single(asked, profile, &points, out, err);
	pyroscope_points_fini(&points);
	return rc;
}

static int write_dot(
	const struct asked *asked, const struct profile *profile, struct buf *out, struct err *err)
{
	size_t functions = asked->request.nodes_max > 0 ? (size_t)asked->request.nodes_max
							: PYROSCOPE_FUNCTIONS_DEFAULT;

	if (!profile->n_samples)
		return 0;
	return pyroscope_formats_dot(profile, functions, out, err);
}

static int gather_asked(
	const struct asked *asked, struct store *store, struct profile **ret, struct err *err)
{
	struct pyroscope_stacks_options how = { .store = store,
		.tenant = view_of(asked->call->tenant) };
	size_t nodes = 0;
	int rc = pyroscope_formats_nodes(&asked->request, &nodes, err);

	how.nodes_max = pyroscope_stacks_for(nodes > DOT_SOURCE ? nodes : DOT_SOURCE);
	return rc < 0 ? rc : pyroscope_stacks_gather(&how, &asked->request, ret, err);
}

void pyroscope_render_single(void *store, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct names names = { "query", "from", "until" };
	const char *format = httpd_argument(call->http, "format");
	bool is_dot = format && strcmp(format, "dot") == 0;
	struct asked asked = { .call = call };
	PROFILE_AUTO profile = NULL;
	struct err err = { 0 };
	int rc = read_asked(&asked, &names, &err);

	buf_init(&reply->made, REPLY_MAX);
	reply->mime = is_dot ? "text/plain; charset=utf-8" : "application/json";
	if (rc == 0)
		rc = gather_asked(&asked, store, &profile, &err);
	if (rc == 0 && is_dot)
		rc = write_dot(&asked, profile, &reply->made, &err);
	else if (rc == 0)
		rc = write_json(&asked, profile, store, &reply->made, &err);
	pyroscope_appquery_fini(&asked.query);
	finish(call, reply, rc, &err);
}

/* ---- two selections ---- */

static int write_diff(struct store *store, const struct asked *left, const struct asked *right,
	struct buf *out, struct err *err)
{
	struct pyroscope_diff diff;
	struct json json = { .out = out };
	int rc = pyroscope_diff_make(&(struct pyroscope_diff_options){ .store = store,
					     .tenant = view_of(left->call->tenant),
					     .left = &left->request,
					     .right = &right->request,
					     .same_type = true },
		&diff, err);

	if (rc == 0) {
		begin(&diff.flamebearer, &json);
		add_metadata(diff.left, "double", &json);
		json_key(&json, "timeline"), json_null(&json);
		json_key(&json, "groups"), json_null(&json);
		json_key(&json, "heatmap"), json_null(&json);
		json_key(&json, "leftTicks"), json_i64(&json, diff.flamebearer.left);
		json_key(&json, "rightTicks"), json_i64(&json, diff.flamebearer.right);
		json_object_end(&json);
		buf_add_char(out, '\n');
	}
	pyroscope_diff_fini(&diff);
	return rc;
}

void pyroscope_render_diff(void *store, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct names left_names = { "leftQuery", "leftFrom", "leftUntil" };
	static const struct names right_names = { "rightQuery", "rightFrom", "rightUntil" };
	struct asked left = { .call = call }, right = { .call = call };
	struct err err = { 0 };
	int rc = read_asked(&left, &left_names, &err);

	buf_init(&reply->made, REPLY_MAX);
	reply->mime = "application/json";
	if (rc == 0)
		rc = read_asked(&right, &right_names, &err);
	if (rc == 0)
		rc = write_diff(store, &left, &right, &reply->made, &err);
	pyroscope_appquery_fini(&left.query);
	pyroscope_appquery_fini(&right.query);
	finish(call, reply, rc, &err);
}

/* ---- values of a label ---- */

void pyroscope_render_values(void *store, const struct router_call *call, struct httpd_reply *reply)
{
	struct pyroscope_request request = { .name = view_of(httpd_argument(call->http, "label")) };
	struct json json = { .out = &reply->made };
	struct strings texts = { 0 };
	struct view *sorted = NULL;
	struct err err = { 0 };
	int rc;

	if (view_equal(request.name, VIEW("__name__")))
		request.name = VIEW("__profile_type__");
	rc = request.name.len ? pyroscope_lists_find_values(
					store, view_of(call->tenant), &request, &texts, &err)
			      : err_set(&err, ERR_USAGE, "label is missing");
	if (rc == 0)
		rc = pyroscope_lists_sort(&texts, &sorted, &err);
	reply->mime = "application/json";
	json_array(&json);
	for (size_t i = 0; rc == 0 && i + 1 < texts.count; i++)
		json_text(&json, sorted[i]);
	json_array_end(&json);
	buf_add_char(&reply->made, '\n');
	free(sorted);
	strings_fini(&texts);
	finish(call, reply, rc, &err);
}
