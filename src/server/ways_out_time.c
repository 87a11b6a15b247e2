/* ways_out_time: what a selection was like over time, as JSON. */
#include "server/ways_out_time.h"

#include <string.h>

#include "query/heatmap.h"
#include "query/share.h"
#include "query/timeline.h"
#include "server/arguments.h"
#include "wire/json.h"

#define POINTS_DEFAULT 300u
#define ROWS_DEFAULT 24u
#define COUNTS_DEFAULT 1000u
#define SECOND INT64_C(1000000000)

void ways_out_time_add(struct json *json, const char *key, int64_t ns)
{
	json_key(json, key);
	if (ns % SECOND == 0)
		json_i64(json, ns / SECOND);
	else
		json_double(json, (double)ns / 1e9);
}

static void add_text(struct json *json, const char *key, struct view text)
{
	json_key(json, key), json_text(json, text);
}

/* What a request says of time and groups. */
struct asked {
	struct store_select select; /* as the question's, from a whole step on */
	int64_t step_ns;
	struct arguments_group group;
};

static int ask(struct asked *asked, const struct question *question, const struct router_call *call,
	struct err *err)
{
	int rc;

	asked->select = question->select;
	asked->step_ns = timeline_step(asked->select.to_ns - asked->select.from_ns, POINTS_DEFAULT);
	rc = arguments_duration(call, "step", &asked->step_ns, err);
	if (rc == 0)
		rc = arguments_group(call, &asked->group, err);
	if (rc == 0) /* so that points stay where they are when the range moves on */
		asked->select.from_ns -= asked->select.from_ns % asked->step_ns;
	return rc;
}

static void begin(struct json *json, const struct asked *asked)
{
	const struct store_type *type = &asked->select.type;
	const struct view parts[] = { type->type, type->unit, type->period_type,
		type->period_unit };
	BUF_AUTO id = { 0 };

	buf_add_view(&id, type->name);
	for (size_t i = 0; i < 4; i++) {
		buf_add_char(&id, ':');
		buf_add_view(&id, parts[i]);
	}
	json_object(json);
	ways_out_time_add(json, "from", asked->select.from_ns);
	ways_out_time_add(json, "step", asked->step_ns);
	add_text(json, "type", buf_view(&id));
	add_text(json, "unit", type->unit);
}

static void end(struct json *json)
{
	json_object_end(json);
	buf_add_char(json->out, '\n');
}

static void add_points(struct json *json, const char *key, const int64_t *points, size_t n)
{
	json_key(json, key), json_array(json);
	for (size_t i = 0; i < n; i++)
		json_i64(json, points[i]);
	json_array_end(json);
}

/* Of several labels each one's value. */
static void add_group(struct json *json, const struct groups *groups, uint32_t group)
{
	add_text(json, "value", groups_value(groups, group, 0));
	if (groups->n_labels < 2)
		return;
	json_key(json, "values"), json_array(json);
	for (size_t i = 0; i < groups->n_labels; i++)
		json_text(json, groups_value(groups, group, i));
	json_array_end(json);
}

/* ---- totals ---- */

static void add_line(struct json *json, const struct timeline *timeline, size_t i)
{
	const struct timeline_line *line = &timeline->lines[i];

	json_object(json);
	add_group(json, &timeline->groups, line->group);
	json_key(json, "total"), json_i64(json, line->total);
	json_key(json, "profiles"), json_u64(json, line->profiles);
	json_key(json, "series"), json_u64(json, line->series);
	if (timeline->n_points)
		add_points(json, "points", line->points, timeline->n_points);
	json_object_end(json);
}

int ways_out_time_line(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct json json = { .out = out };
	struct timeline timeline;
	struct asked asked;
	int rc = ask(&asked, question, call, err);

	if (rc < 0)
		return rc;
	rc = timeline_make(store,
		&(struct timeline_options){ .select = &asked.select,
			.step_ns = asked.step_ns,
			.group = asked.group.labels,
			.n_group = asked.group.n },
		&timeline, err);
	begin(&json, &asked);
	json_key(&json, "lines"), json_array(&json);
	for (size_t i = 0; rc == 0 && i < timeline.n_lines; i++)
		add_line(&json, &timeline, i);
	json_array_end(&json);
	end(&json);
	timeline_fini(&timeline);
	return rc;
}

int ways_out_time_counts(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct json json = { .out = out };
	struct timeline timeline;
	uint64_t limit = COUNTS_DEFAULT;
	int rc = arguments_number(call, "limit", UINT32_MAX, &limit, err);

	if (rc < 0)
		return rc;
	rc = timeline_make(store,
		&(struct timeline_options){ .select = &question->select,
			.step_ns = INT64_MAX,
			.group = &call->rest,
			.n_group = 1,
			.lines_max = UINT32_MAX },
		&timeline, err);
	timeline.n_points = 0; /* one would say the total again */
	json_object(&json);
	json_key(&json, "found"), json_u64(&json, timeline.n_lines);
	add_text(&json, "unit", question->select.type.unit);
	json_key(&json, "counts"), json_array(&json);
	for (size_t i = 0; rc == 0 && i < timeline.n_lines && i < limit; i++)
		add_line(&json, &timeline, i);
	json_array_end(&json);
	end(&json);
	timeline_fini(&timeline);
	return rc;
}

/* ---- functions ---- */

static void add_share(struct json *json, const struct share *share, const struct share_line *line)
{
	json_object(json);
	add_group(json, &share->groups, line->group);
	json_key(json, "total"), json_i64(json, line->sum);
	add_points(json, "whole", line->whole, share->n_points);
	json_key(json, "functions"), json_array(json);
	for (size_t i = 0; i < share->n_functions; i++) {
		json_object(json);
		add_points(json, "self", line->self + i * share->n_points, share->n_points);
		add_points(json, "total", line->total + i * share->n_points, share->n_points);
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
}

int ways_out_time_share(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct view functions[SHARE_FUNCTIONS_MAX];
	struct arguments_texts texts = { functions, SHARE_FUNCTIONS_MAX, 0 };
	struct json json = { .out = out };
	struct share share;
	struct asked asked;
	int rc = ask(&asked, question, call, err);

	if (rc == 0)
		rc = arguments_texts(call, "function", &texts, err);
	if (rc < 0)
		return rc;
	rc = share_make(store,
		&(struct share_options){ .select = &asked.select,
			.step_ns = asked.step_ns,
			.functions = functions,
			.n_functions = texts.n,
			.group = asked.group.labels,
			.n_group = asked.group.n },
		&share, err);
	begin(&json, &asked);
	json_key(&json, "functions"), json_array(&json);
	for (size_t i = 0; i < texts.n; i++)
		json_text(&json, functions[i]);
	json_array_end(&json);
	json_key(&json, "lines"), json_array(&json);
	for (size_t i = 0; rc == 0 && i < share.n_lines; i++)
		add_share(&json, &share, &share.lines[i]);
	json_array_end(&json);
	end(&json);
	share_fini(&share);
	return rc;
}

/* ---- heat ---- */

static int read_by(const struct router_call *call, struct heatmap_options *options, struct err *err)
{
	static const char *const NAMES[] = { "profile", "trace", "span" };
	const char *by = httpd_argument(call->http, "by"),
		   *scale = httpd_argument(call->http, "scale");
	uint64_t rows = ROWS_DEFAULT;
	int rc = arguments_number(call, "rows", HEATMAP_ROWS_MAX, &rows, err);

	options->rows = (unsigned)rows;
	options->is_linear = scale && strcmp(scale, "linear") == 0;
	if (rc == 0 && scale && !options->is_linear && strcmp(scale, "log") != 0)
		return err_set(err, ERR_USAGE, "scale is log or linear");
	for (size_t i = 0; by && i < 3; i++)
		if (strcmp(by, NAMES[i]) == 0) {
			options->by = (enum heatmap_by)i;
			return rc;
		}
	return by ? err_set(err, ERR_USAGE, "by is profile, trace or span") : rc;
}

static void add_edge(struct json *json, double edge)
{
	if (edge < 1e15 && edge == (double)(int64_t)edge)
		json_i64(json, (int64_t)edge);
	else
		json_double(json, edge);
}

static void add_cells(struct json *json, const struct heatmap *map)
{
	json_key(json, "edges"), json_array(json);
	for (size_t i = 0; map->edges && i <= map->n_rows; i++)
		add_edge(json, map->edges[i]);
	json_array_end(json);
	json_key(json, "rows"), json_array(json);
	for (size_t i = 0; map->counts && i < map->n_rows; i++) {
		json_array(json);
		for (size_t k = 0; k < map->n_columns; k++)
			json_u64(json, map->counts[i * map->n_columns + k]);
		json_array_end(json);
	}
	json_array_end(json);
}

int ways_out_time_heatmap(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err)
{
	struct heatmap_options options = { 0 };
	struct json json = { .out = out };
	struct heatmap map;
	struct asked asked;
	int rc = ask(&asked, question, call, err);

	if (rc == 0)
		rc = read_by(call, &options, err);
	if (rc < 0)
		return rc;
	options.select = &asked.select;
	options.step_ns = asked.step_ns;
	rc = heatmap_make(store, &options, &map, err);
	begin(&json, &asked);
	json_key(&json, "found"), json_u64(&json, map.n);
	json_key(&json, "without"), json_u64(&json, map.n_without);
	add_cells(&json, &map);
	end(&json);
	heatmap_fini(&map);
	return rc;
}
