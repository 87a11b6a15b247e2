/* test_pyroscope_messages: names and numbers as querier.proto and types.proto have them. */
#include "testing.h"

#include "server/pyroscope_messages.h"

static void assert_same(
	const struct protojson_message *message, const char *json, const char *bytes, size_t len)
{
	BUF_AUTO out = { 0 };
	struct err err = { 0 };

	if (protojson_read(message, view_of(json), &out, &err) < 0)
		fail_msg("%s: %s", json, err.text);
	assert_int_equal(out.len, len);
	assert_memory_equal(out.at, bytes, len);
}

static void assert_json(
	const struct protojson_message *message, struct view bytes, const char *json)
{
	BUF_AUTO out = { 0 };

	assert_int_equal(protojson_write(message, bytes, &out, NULL), 0);
	assert_view_equal(buf_view(&out), json);
}

static void requests_have_their_numbers(void **state)
{
	assert_same(&pyroscope_messages_types_request, "{\"start\":\"1\",\"end\":2}",
		"\x08\1\x10\2", 4);
	assert_same(&pyroscope_messages_names_request,
		"{\"matchers\":[\"{}\"],\"start\":1,\"end\":2}", "\x0a\2{}\x10\1\x18\2", 8);
	assert_same(&pyroscope_messages_values_request,
		"{\"name\":\"a\",\"matchers\":[\"{}\"],\"start\":1,\"end\":2}",
		"\x0a\1a\x12\2{}\x18\1\x20\2", 11);
	assert_same(&pyroscope_messages_series_request,
		"{\"matchers\":[\"{}\"],\"labelNames\":[\"a\"],\"start\":1,\"end\":2}",
		"\x0a\2{}\x12\1a\x18\1\x20\2", 11);
	assert_same(&pyroscope_messages_stacks_request,
		"{\"profile_typeID\":\"t\",\"labelSelector\":\"s\",\"start\":1,\"end\":2,"
		"\"maxNodes\":3,\"format\":\"PROFILE_FORMAT_DOT\"}",
		"\x0a\1t\x12\1s\x18\1\x20\2\x28\3\x30\3", 14);
	assert_same(&pyroscope_messages_stacks_request,
		"{\"traceIdSelector\":[\"t\"],\"spanSelector\":[\"s\"],\"async\":{\"type\":"
		"\"ASYNC_QUERY_TYPE_FORCE\"},\"profileIdSelector\":[\"p\"],"
		"\"stackTraceSelector\":{\"callSite\":[{\"name\":\"m\"}],\"goPgo\":"
		"{\"keepLocations\":5,\"aggregateCallees\":true}}}",
		"\x52\1t\x5a\1s\x4a\2\x10\1\x42\1p\x3a\x0b\x0a\3\x0a\1m\x12\4\x08\5\x10\1", 26);
	assert_same(&pyroscope_messages_spans_request,
		"{\"profileTypeID\":\"t\",\"labelSelector\":\"l\",\"spanSelector\":[\"s\"],"
		"\"start\":1,\"end\":2,\"maxNodes\":3,\"format\":2}",
		"\x0a\1t\x12\1l\x1a\1s\x20\1\x28\2\x30\3\x38\2", 17);
	assert_same(&pyroscope_messages_profile_request,
		"{\"maxNodes\":3,\"profileIdSelector\":[\"p\"],\"traceIdSelector\":[\"t\"]}",
		"\x28\3\x3a\1p\x42\1t", 8);
	assert_same(&pyroscope_messages_diff_request,
		"{\"left\":{\"start\":1},\"right\":{\"end\":2}}", "\x0a\2\x18\1\x12\2\x20\2", 8);
	assert_same(&pyroscope_messages_points_request,
		"{\"profileTypeID\":\"t\",\"groupBy\":[\"g\"],\"step\":1.5,"
		"\"aggregation\":\"TIME_SERIES_AGGREGATION_TYPE_AVERAGE\",\"limit\":\"9\"}",
		"\x0a\1t\x2a\1g\x31\0\0\0\0\0\0\xf8\x3f\x38\1\x48\x09", 19);
	assert_same(&pyroscope_messages_heatmap_request,
		"{\"profileTypeID\":\"t\",\"groupBy\":[\"g\"],\"queryType\":"
		"\"HEATMAP_QUERY_TYPE_SPAN\",\"exemplarType\":\"EXEMPLAR_TYPE_SPAN\",\"limit\":9}",
		"\x0a\1t\x32\1g\x38\2\x40\3\x48\x09", 12);
	assert_same(&pyroscope_messages_stats_request, "{}", "", 0);
	assert_same(&pyroscope_messages_analyze_request, "{\"start\":1,\"end\":2,\"query\":\"{}\"}",
		"\x10\1\x18\2\x22\2{}", 8);
}

static void replies_have_their_names(void **state)
{
	assert_json(&pyroscope_messages_types_reply,
		VIEW("\x0a\x0f\x0a\1i\x12\1n\x22\1t\x2a\1u\x32\1p"),
		"{\"profileTypes\":[{\"ID\":\"i\",\"name\":\"n\",\"sampleType\":\"t\","
		"\"sampleUnit\":\"u\",\"periodType\":\"p\"}]}");
	assert_json(&pyroscope_messages_names_reply, VIEW("\x0a\1a\x0a\1b"),
		"{\"names\":[\"a\",\"b\"]}");
	assert_json(&pyroscope_messages_series_reply, VIEW("\x12\x08\x0a\6\x0a\1n\x12\1v"),
		"{\"labelsSet\":[{\"labels\":[{\"name\":\"n\",\"value\":\"v\"}]}]}");
	assert_json(&pyroscope_messages_stacks_reply,
		VIEW("\x0a\x10\x0a\5total\x12\5\x0a\3\x01\x02\x03\x18\x07"),
		"{\"flamegraph\":{\"names\":[\"total\"],\"levels\":[{\"values\":[\"1\",\"2\","
		"\"3\"]}],\"total\":\"7\"}}");
	assert_json(&pyroscope_messages_stacks_reply, VIEW("\x12\1a"), "{\"tree\":\"YQ==\"}");
	assert_json(&pyroscope_messages_stacks_reply, VIEW("\x2a\4\x0a\2\x48\7"),
		"{\"pprof\":{\"profile\":{\"timeNanos\":\"7\"}}}");
	assert_json(&pyroscope_messages_stacks_reply, VIEW("\x22\2\x10\2\x1a\1d"),
		"{\"dot\":\"d\",\"async\":{\"status\":\"ASYNC_QUERY_STATUS_SUCCESS\"}}");
	assert_json(&pyroscope_messages_diff_reply, VIEW("\x0a\4\x28\1\x30\2"),
		"{\"flamegraph\":{\"leftTicks\":\"1\",\"rightTicks\":\"2\"}}");
	assert_json(&pyroscope_messages_heatmap_reply,
		VIEW("\x0a\x1e\x12\x1c\x08\5\x12\x08\0\0\0\0\0\0\xf8\x3f\x1a\2\1\0\x22\x0a\x1a\1s"
		     "\x20\7\x32\1t\x08\1"),
		"{\"series\":[{\"slots\":[{\"timestamp\":\"5\",\"yMin\":[1.5],\"counts\":[1,0],"
		"\"exemplars\":[{\"timestamp\":\"1\",\"spanId\":\"s\",\"value\":\"7\",\"traceId\":"
		"\"t\"}]}]}]}");
	assert_json(&pyroscope_messages_stats_reply, VIEW("\x08\1\x10\2\x18\3"),
		"{\"dataIngested\":true,\"oldestProfileTime\":\"2\",\"newestProfileTime\":\"3\"}");
	assert_json(&pyroscope_messages_analyze_reply,
		VIEW("\x0a\x09\x0a\1s\x10\1\x20\2\x28\3\x12\2\x18\2"),
		"{\"queryScopes\":[{\"componentType\":\"s\",\"componentCount\":\"1\","
		"\"seriesCount\":\"2\",\"profileCount\":\"3\"}],"
		"\"queryImpact\":{\"totalQueriedSeries\":\"2\"}}");
	assert_json(&pyroscope_messages_points_reply,
		VIEW("\x0a\x0d\x12\x0b\x09\0\0\0\0\0\0\xf8\x3f\x10\x05"),
		"{\"series\":[{\"points\":[{\"value\":1.5,\"timestamp\":\"5\"}]}]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_have_their_numbers),
		cmocka_unit_test(replies_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
