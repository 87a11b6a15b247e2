/* pyroscope_messages: the messages of querier.v1 and types.v1, by name and number. */
#include "server/pyroscope_messages.h"

#include "codec/pprof_json.h"

#define FIELDS(...)                              \
	{                                        \
		(const struct protojson_field[]) \
		{                                \
			__VA_ARGS__,             \
			{                        \
				.name = NULL     \
			}                        \
		}                                \
	}
#define ONE(name_, id_, kind_)                                          \
	{                                                               \
		.name = (name_), .id = (id_), .kind = PROTOJSON_##kind_ \
	}
#define MANY(name_, id_, kind_)                                                           \
	{                                                                                 \
		.name = (name_), .id = (id_), .kind = PROTOJSON_##kind_, .repeated = true \
	}
#define SUB(name_, id_, message_)                                                               \
	{                                                                                       \
		.name = (name_), .id = (id_), .kind = PROTOJSON_MESSAGE, .message = &(message_) \
	}
#define SUBS(name_, id_, message_)                                                         \
	{                                                                                  \
		.name = (name_), .id = (id_), .kind = PROTOJSON_MESSAGE, .repeated = true, \
		.message = &(message_)                                                     \
	}
#define ENUM(name_, id_, names_)                                                           \
	{                                                                                  \
		.name = (name_), .id = (id_), .kind = PROTOJSON_ENUM, .message = &(names_) \
	}
#define VALUE(name_, id_)                    \
	{                                    \
		.name = (name_), .id = (id_) \
	}

/* ---- types.v1 -------------------------------------------------------------------------------- */

static const struct protojson_message label_pair =
	FIELDS(ONE("name", LABEL_PAIR_NAME, TEXT), ONE("value", LABEL_PAIR_VALUE, TEXT));
static const struct protojson_message labels = FIELDS(SUBS("labels", LABELS_LABELS, label_pair));
static const struct protojson_message profile_type = FIELDS(ONE("ID", PROFILE_TYPE_ID, TEXT),
	ONE("name", PROFILE_TYPE_NAME, TEXT), ONE("sample_type", PROFILE_TYPE_SAMPLE_TYPE, TEXT),
	ONE("sample_unit", PROFILE_TYPE_SAMPLE_UNIT, TEXT),
	ONE("period_type", PROFILE_TYPE_PERIOD_TYPE, TEXT),
	ONE("period_unit", PROFILE_TYPE_PERIOD_UNIT, TEXT));
static const struct protojson_message exemplar = FIELDS(ONE("timestamp", EXEMPLAR_TIMESTAMP, INT64),
	ONE("profile_id", EXEMPLAR_PROFILE_ID, TEXT), ONE("span_id", EXEMPLAR_SPAN_ID, TEXT),
	ONE("value", EXEMPLAR_VALUE, INT64), SUBS("labels", EXEMPLAR_LABELS, label_pair),
	ONE("trace_id", EXEMPLAR_TRACE_ID, TEXT));
static const struct protojson_message point = FIELDS(ONE("value", POINT_VALUE, DOUBLE),
	ONE("timestamp", POINT_TIMESTAMP, INT64), SUBS("exemplars", POINT_EXEMPLARS, exemplar));
static const struct protojson_message slot =
	FIELDS(ONE("timestamp", SLOT_TIMESTAMP, INT64), MANY("y_min", SLOT_Y_MIN, DOUBLE),
		MANY("counts", SLOT_COUNTS, INT32), SUBS("exemplars", SLOT_EXEMPLARS, exemplar));
static const struct protojson_message heatmap_series =
	FIELDS(SUBS("labels", HEATMAP_LABELS, label_pair), SUBS("slots", HEATMAP_SLOTS, slot));
static const struct protojson_message series =
	FIELDS(SUBS("labels", SERIES_LABELS, label_pair), SUBS("points", SERIES_POINTS, point));

static const struct protojson_message location = FIELDS(ONE("name", 1, TEXT));
static const struct protojson_message go_pgo =
	FIELDS(ONE("keep_locations", 1, INT32), ONE("aggregate_callees", 2, BOOL));
static const struct protojson_message stack_selector =
	FIELDS(SUBS("call_site", 1, location), SUB("go_pgo", 2, go_pgo));
static const struct protojson_message aggregations =
	FIELDS(VALUE("TIME_SERIES_AGGREGATION_TYPE_SUM", 0),
		VALUE("TIME_SERIES_AGGREGATION_TYPE_AVERAGE", 1));
static const struct protojson_message exemplar_types =
	FIELDS(VALUE("EXEMPLAR_TYPE_UNSPECIFIED", 0), VALUE("EXEMPLAR_TYPE_NONE", 1),
		VALUE("EXEMPLAR_TYPE_INDIVIDUAL", 2), VALUE("EXEMPLAR_TYPE_SPAN", 3));

/* ---- querier.v1 ------------------------------------------------------------------------------ */

const struct protojson_message pyroscope_messages_types_request =
	FIELDS(ONE("start", 1, INT64), ONE("end", 2, INT64));
const struct protojson_message pyroscope_messages_types_reply =
	FIELDS(SUBS("profile_types", TYPES_REPLY_TYPES, profile_type));

const struct protojson_message pyroscope_messages_names_request =
	FIELDS(MANY("matchers", 1, TEXT), ONE("start", 2, INT64), ONE("end", 3, INT64));
const struct protojson_message pyroscope_messages_values_request = FIELDS(ONE("name", 1, TEXT),
	MANY("matchers", 2, TEXT), ONE("start", 3, INT64), ONE("end", 4, INT64));
const struct protojson_message pyroscope_messages_names_reply =
	FIELDS(MANY("names", NAMES_REPLY_NAMES, TEXT));

const struct protojson_message pyroscope_messages_series_request = FIELDS(MANY("matchers", 1, TEXT),
	MANY("label_names", 2, TEXT), ONE("start", 3, INT64), ONE("end", 4, INT64));
const struct protojson_message pyroscope_messages_series_reply =
	FIELDS(SUBS("labels_set", SERIES_REPLY_SETS, labels));

static const struct protojson_message formats =
	FIELDS(VALUE("PROFILE_FORMAT_UNSPECIFIED", FORMAT_UNSAID),
		VALUE("PROFILE_FORMAT_FLAMEGRAPH", FORMAT_FLAMEGRAPH),
		VALUE("PROFILE_FORMAT_TREE", FORMAT_TREE), VALUE("PROFILE_FORMAT_DOT", FORMAT_DOT),
		VALUE("PROFILE_FORMAT_PPROF", FORMAT_PPROF));
static const struct protojson_message level = FIELDS(MANY("values", 1, INT64));
static const struct protojson_message flamegraph = FIELDS(MANY("names", 1, TEXT),
	SUBS("levels", 2, level), ONE("total", 3, INT64), ONE("max_self", 4, INT64));

static const struct protojson_message async_types =
	FIELDS(VALUE("ASYNC_QUERY_TYPE_DISABLED", 0), VALUE("ASYNC_QUERY_TYPE_FORCE", 1));
static const struct protojson_message async_statuses =
	FIELDS(VALUE("ASYNC_QUERY_STATUS_UNKNOWN", 0), VALUE("ASYNC_QUERY_STATUS_IN_PROGRESS", 1),
		VALUE("ASYNC_QUERY_STATUS_SUCCESS", 2), VALUE("ASYNC_QUERY_STATUS_FAILURE", 3));
static const struct protojson_message async_request =
	FIELDS(ONE("request_id", 1, TEXT), ENUM("type", 2, async_types));
static const struct protojson_message async_reply = FIELDS(ONE("request_id", 1, TEXT),
	ENUM("status", ASYNC_REPLY_STATUS, async_statuses), ONE("error_message", 3, TEXT));
static const struct protojson_message pprof_reply =
	FIELDS(SUB("profile", PPROF_REPLY_PROFILE, pprof_json_profile));

const struct protojson_message pyroscope_messages_stacks_request =
	FIELDS(ONE("profile_typeID", 1, TEXT), ONE("label_selector", 2, TEXT),
		ONE("start", 3, INT64), ONE("end", 4, INT64), ONE("max_nodes", 5, INT64),
		ENUM("format", 6, formats), SUB("stack_trace_selector", 7, stack_selector),
		MANY("profile_id_selector", 8, TEXT), SUB("async", 9, async_request),
		MANY("trace_id_selector", 10, TEXT), MANY("span_selector", 11, TEXT));
const struct protojson_message pyroscope_messages_stacks_reply =
	FIELDS(SUB("flamegraph", STACKS_REPLY_FLAMEGRAPH, flamegraph),
		ONE("tree", STACKS_REPLY_TREE, BYTES), ONE("dot", STACKS_REPLY_DOT, TEXT),
		SUB("async", STACKS_REPLY_ASYNC, async_reply),
		SUB("pprof", STACKS_REPLY_PPROF, pprof_reply));

const struct protojson_message pyroscope_messages_spans_request =
	FIELDS(ONE("profile_typeID", 1, TEXT), ONE("label_selector", 2, TEXT),
		MANY("span_selector", 3, TEXT), ONE("start", 4, INT64), ONE("end", 5, INT64),
		ONE("max_nodes", 6, INT64), ENUM("format", 7, formats));
const struct protojson_message pyroscope_messages_profile_request =
	FIELDS(ONE("profile_typeID", 1, TEXT), ONE("label_selector", 2, TEXT),
		ONE("start", 3, INT64), ONE("end", 4, INT64), ONE("max_nodes", 5, INT64),
		SUB("stack_trace_selector", 6, stack_selector),
		MANY("profile_id_selector", 7, TEXT), MANY("trace_id_selector", 8, TEXT));

static const struct protojson_message flamegraph_diff =
	FIELDS(MANY("names", 1, TEXT), SUBS("levels", 2, level), ONE("total", 3, INT64),
		ONE("max_self", 4, INT64), ONE("leftTicks", 5, INT64), ONE("rightTicks", 6, INT64));
const struct protojson_message pyroscope_messages_diff_request =
	FIELDS(SUB("left", 1, pyroscope_messages_stacks_request),
		SUB("right", 2, pyroscope_messages_stacks_request));
const struct protojson_message pyroscope_messages_diff_reply =
	FIELDS(SUB("flamegraph", DIFF_REPLY_FLAMEGRAPH, flamegraph_diff));

const struct protojson_message pyroscope_messages_points_request = FIELDS(
	ONE("profile_typeID", 1, TEXT), ONE("label_selector", 2, TEXT), ONE("start", 3, INT64),
	ONE("end", 4, INT64), MANY("group_by", 5, TEXT), ONE("step", 6, DOUBLE),
	ENUM("aggregation", 7, aggregations), SUB("stack_trace_selector", 8, stack_selector),
	ONE("limit", 9, INT64), ENUM("exemplar_type", 10, exemplar_types));
const struct protojson_message pyroscope_messages_points_reply =
	FIELDS(SUBS("series", POINTS_REPLY_SERIES, series));

static const struct protojson_message heatmap_types =
	FIELDS(VALUE("HEATMAP_QUERY_TYPE_UNSPECIFIED", 0),
		VALUE("HEATMAP_QUERY_TYPE_INDIVIDUAL", 1), VALUE("HEATMAP_QUERY_TYPE_SPAN", 2));
const struct protojson_message pyroscope_messages_heatmap_request =
	FIELDS(ONE("profile_typeID", 1, TEXT), ONE("label_selector", 2, TEXT),
		ONE("start", 3, INT64), ONE("end", 4, INT64), ONE("step", 5, DOUBLE),
		MANY("group_by", 6, TEXT), ENUM("query_type", 7, heatmap_types),
		ENUM("exemplar_type", 8, exemplar_types), ONE("limit", 9, INT64));
const struct protojson_message pyroscope_messages_heatmap_reply =
	FIELDS(SUBS("series", HEATMAP_REPLY_SERIES, heatmap_series));

const struct protojson_message pyroscope_messages_stats_request = { (
	const struct protojson_field[]){ { .name = NULL } } };
const struct protojson_message pyroscope_messages_stats_reply = FIELDS(
	ONE("data_ingested", STATS_INGESTED, BOOL), ONE("oldest_profile_time", STATS_OLDEST, INT64),
	ONE("newest_profile_time", STATS_NEWEST, INT64));

static const struct protojson_message scope = FIELDS(ONE("component_type", SCOPE_COMPONENT, TEXT),
	ONE("component_count", SCOPE_COMPONENTS, UINT64), ONE("block_count", SCOPE_BLOCKS, UINT64),
	ONE("series_count", SCOPE_SERIES, UINT64), ONE("profile_count", SCOPE_PROFILES, UINT64),
	ONE("sample_count", 6, UINT64), ONE("index_bytes", 7, UINT64),
	ONE("profile_bytes", 8, UINT64), ONE("symbol_bytes", 9, UINT64));
static const struct protojson_message impact = FIELDS(
	ONE("total_bytes_in_time_range", IMPACT_BYTES, UINT64),
	ONE("total_queried_series", IMPACT_SERIES, UINT64), ONE("deduplication_needed", 4, BOOL));
const struct protojson_message pyroscope_messages_analyze_request =
	FIELDS(ONE("start", 2, INT64), ONE("end", 3, INT64), ONE("query", 4, TEXT));
const struct protojson_message pyroscope_messages_analyze_reply = FIELDS(
	SUBS("query_scopes", ANALYSIS_SCOPES, scope), SUB("query_impact", ANALYSIS_IMPACT, impact));
