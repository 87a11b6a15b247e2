/* test_pyroscope_stacks: merged profiles over a socket. */
#include "testing.h"

#include "server/asking_querier.h"

static void stacks_are_a_flame_graph(void **state)
{
	asking_has(asking_querier_now("SelectMergeStacktraces",
			   ",'labelSelector':'{service_name=\\'shop\\'}'"),
		"{\"flamegraph\":{\"names\":[\"total\",\"main\",\"wait\",\"work\"],\"levels\":["
		"{\"values\":[\"0\",\"4000\",\"0\",\"0\"]},{\"values\":[\"0\",\"4000\",\"0\",\"1\"]"
		"},"
		"{\"values\":[\"0\",\"1000\",\"1000\",\"2\",\"0\",\"3000\",\"3000\",\"3\"]}],"
		"\"total\":\"4000\",\"maxSelf\":\"3000\"}}");
	asking_has(asking_querier_now("SelectMergeStacktraces", ""), "\"total\":\"8000\"");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'maxNodes':'2'"),
		"\"names\":[\"total\",\"main\",\"work\",\"other\"]");
}

static void nothing_is_one_bar(void **state)
{
	asking_has(asking_querier_now("SelectMergeStacktraces",
			   ",'labelSelector':'{service_name=\\'secret\\'}'"),
		"{\"flamegraph\":{\"names\":[\"total\"],\"levels\":[{\"values\":[\"0\",\"0\",\"0\","
		"\"0\"]}]}}");
	asking_has(asking_querier_now(
			   "SelectMergeStacktraces", ",'labelSelector':'{__unit__=\\'bytes\\'}'"),
		"{\"flamegraph\":{\"names\":[\"total\"]");
}

static void a_tree_is_bytes(void **state)
{
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'format':'PROFILE_FORMAT_TREE'"),
		"{\"tree\":\"AAABBG1haW4AAgR3YWl00A8ABHdvcmvwLgA=\"}");
}

static void traces_select(void **state)
{
	asking_has(asking_querier_now("SelectMergeStacktraces",
			   ",'traceIdSelector':['" ASKING_TRACE "'],"
			   "'labelSelector':'{service_name=\\'shop\\'}'"),
		"\"total\":\"3000\"");
	asking_has(asking_querier_now(
			   "SelectMergeStacktraces", ",'spanSelector':['0102030405060708']"),
		"{\"flamegraph\":{\"names\":[\"total\"],");
}

static void a_call_site_selects(void **state)
{
	asking_has(asking_querier_now("SelectMergeStacktraces",
			   ",'stackTraceSelector':{'callSite':[{'name':'main'},{'name':'wait'}]}"),
		"\"names\":[\"total\",\"main\",\"wait\"]");
	asking_has(asking_querier_now("SelectMergeStacktraces",
			   ",'stackTraceSelector':{'callSite':[{'name':'main'},{'name':'wait'}]}"),
		"\"total\":\"2000\"");
}

static void other_forms_are_there(void **state)
{
	asking_has(
		asking_querier_now("SelectMergeStacktraces", ",'format':3"), "{\"dot\":\"digraph ");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'format':'PROFILE_FORMAT_PPROF'"),
		"{\"pprof\":{\"profile\":{\"sampleType\":[");
	asking_has(asking_querier_now("SelectMergeProfile", ""), "\"stringTable\":[\"\",");
	asking_has(asking_querier_now("SelectMergeProfile", ",'maxNodes':2"), "\"other\"");
	assert_null(strstr(asking_querier_now("SelectMergeProfile",
				   ",'stackTraceSelector':{'goPgo':{'keepLocations':1}}"),
		"\"main\""));
	asking_has(asking_querier_now("SelectMergeSpanProfile", ""), "\"total\":\"8000\"");
	asking_has(asking_querier_now(
			   "SelectMergeSpanProfile", ",'spanSelector':['0102030405060708']"),
		"{\"flamegraph\":{\"names\":[\"total\"],");
	asking_has(asking_querier_now("SelectMergeSpanProfile", ",'spanSelector':['x']"),
		"it has 16 hex digits");
}

static void later_is_now(void **state)
{
	asking_has(asking_querier_now(
			   "SelectMergeStacktraces", ",'async':{'type':'ASYNC_QUERY_TYPE_FORCE'}"),
		"\"async\":{\"status\":\"ASYNC_QUERY_STATUS_SUCCESS\"}}");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'async':{'requestId':'a'}"),
		" 404 ");
}

static void what_cannot_be_is_said(void **state)
{
	asking_has(asking_querier("SelectMergeStacktraces", "{}"), "start and end are missing");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'maxNodes':1048577"),
		"max_nodes is 1048576 at most");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'labelSelector':'{'"),
		"\"code\":\"invalid_argument\"");
	asking_has(asking_querier_now("SelectMergeStacktraces", ",'format':'PNG'"), " 400 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_are_a_flame_graph),
		cmocka_unit_test(nothing_is_one_bar),
		cmocka_unit_test(a_tree_is_bytes),
		cmocka_unit_test(traces_select),
		cmocka_unit_test(a_call_site_selects),
		cmocka_unit_test(other_forms_are_there),
		cmocka_unit_test(later_is_now),
		cmocka_unit_test(what_cannot_be_is_said),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
