/*
 * pyroscope_messages: the messages of querier.v1 and types.v1, by name and number.
 *
 * Times are milliseconds since 1970. The numbers that replies are written with are below; those of
 * requests are only in the tables, because fields of one meaning have other numbers in each.
 */
#ifndef SERVER_PYROSCOPE_MESSAGES_H
#define SERVER_PYROSCOPE_MESSAGES_H

#include "wire/protojson.h"

extern const struct protojson_message pyroscope_messages_types_request,
	pyroscope_messages_types_reply, pyroscope_messages_names_request,
	pyroscope_messages_values_request, pyroscope_messages_names_reply,
	pyroscope_messages_series_request, pyroscope_messages_series_reply,
	pyroscope_messages_stacks_request, pyroscope_messages_stacks_reply,
	pyroscope_messages_spans_request, pyroscope_messages_profile_request,
	pyroscope_messages_diff_request, pyroscope_messages_diff_reply,
	pyroscope_messages_points_request, pyroscope_messages_points_reply,
	pyroscope_messages_heatmap_request, pyroscope_messages_heatmap_reply,
	pyroscope_messages_stats_request, pyroscope_messages_stats_reply,
	pyroscope_messages_analyze_request, pyroscope_messages_analyze_reply;

/* types.v1 */
enum { LABEL_PAIR_NAME = 1, LABEL_PAIR_VALUE };
enum { LABELS_LABELS = 1 };
enum {
	PROFILE_TYPE_ID = 1,
	PROFILE_TYPE_NAME = 2,
	PROFILE_TYPE_SAMPLE_TYPE = 4,
	PROFILE_TYPE_SAMPLE_UNIT,
	PROFILE_TYPE_PERIOD_TYPE,
	PROFILE_TYPE_PERIOD_UNIT
};
enum { SERIES_LABELS = 1, SERIES_POINTS };
enum { POINT_VALUE = 1, POINT_TIMESTAMP, POINT_ANNOTATIONS, POINT_EXEMPLARS };
enum {
	EXEMPLAR_TIMESTAMP = 1,
	EXEMPLAR_PROFILE_ID,
	EXEMPLAR_SPAN_ID,
	EXEMPLAR_VALUE,
	EXEMPLAR_LABELS,
	EXEMPLAR_TRACE_ID
};
enum { HEATMAP_LABELS = 1, HEATMAP_SLOTS };
enum { SLOT_TIMESTAMP = 1, SLOT_Y_MIN, SLOT_COUNTS, SLOT_EXEMPLARS };
enum { STATS_INGESTED = 1, STATS_OLDEST, STATS_NEWEST };

/* querier.v1 */
enum { TYPES_REPLY_TYPES = 1 };
enum { NAMES_REPLY_NAMES = 1 };
enum { SERIES_REPLY_SETS = 2 };
enum {
	STACKS_REPLY_FLAMEGRAPH = 1,
	STACKS_REPLY_TREE,
	STACKS_REPLY_DOT,
	STACKS_REPLY_ASYNC,
	STACKS_REPLY_PPROF
};
enum { ASYNC_REPLY_STATUS = 2 };
enum { PPROF_REPLY_PROFILE = 1 };
enum { DIFF_REPLY_FLAMEGRAPH = 1 };
enum { POINTS_REPLY_SERIES = 1 };
enum { HEATMAP_REPLY_SERIES = 1 };
enum { ANALYSIS_SCOPES = 1, ANALYSIS_IMPACT };
enum { SCOPE_COMPONENT = 1, SCOPE_COMPONENTS, SCOPE_BLOCKS, SCOPE_SERIES, SCOPE_PROFILES };
enum { IMPACT_BYTES = 2, IMPACT_SERIES };
enum { FORMAT_UNSAID, FORMAT_FLAMEGRAPH, FORMAT_TREE, FORMAT_DOT, FORMAT_PPROF };

#endif
