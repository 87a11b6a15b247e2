/* test_pyroscope_heatmap: counts of profiles and spans over time, over a socket. */
#include "testing.h"

#include "server/asking_querier.h"

#define BY_PROFILE ",'step':300,'queryType':'HEATMAP_QUERY_TYPE_INDIVIDUAL'"
#define BY_SPAN ",'step':300,'queryType':'HEATMAP_QUERY_TYPE_SPAN'"

static void profiles_are_counted_by_their_size(void **state)
{
	const char *reply = asking_querier_now("SelectHeatmap", BY_PROFILE);

	asking_has(reply, "{\"series\":[{\"slots\":[{\"timestamp\":\"");
	asking_has(reply, "\"yMin\":[4e+03,"); /* all are as large: in the first row */
	asking_has(reply, "\"counts\":[2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]}]}");
}

static void labels_make_lines(void **state)
{
	asking_has(asking_querier_now("SelectHeatmap", BY_PROFILE ",'groupBy':['service_name']"),
		"\"labels\":[{\"name\":\"service_name\",\"value\":\"cart\"}],\"slots\":");
	assert_null(strstr(asking_querier_now("SelectHeatmap",
				   BY_PROFILE ",'groupBy':['service_name'],'limit':1"),
		"},{\"labels\""));
}

static void spans_are_counted_with_the_largest_as_an_example(void **state)
{
	const char *reply =
		asking_querier_now("SelectHeatmap", BY_SPAN ",'exemplarType':'EXEMPLAR_TYPE_SPAN'");

	asking_has(reply, "\"yMin\":[3e+03,");
	asking_has(reply, "\"counts\":[2,0,");
	asking_has(reply, "\"value\":\"3000\",\"traceId\":\"" ASKING_TRACE "\"}]}]}]}");
	assert_null(strstr(asking_querier_now("SelectHeatmap", BY_SPAN), "exemplars"));
}

static void rows_go_from_the_least_to_the_largest(void **state)
{
	const char *reply;

	asking_add("shop", ""); /* shop has two profiles, a few moments apart */
	reply = asking_querier_now("SelectHeatmap", BY_PROFILE ",'groupBy':['region']");
	asking_has(reply, "\"counts\":[3,0,0,");
}

static void nothing_is_no_lines(void **state)
{
	asking_has(asking_querier_now(
			   "SelectHeatmap", BY_PROFILE ",'labelSelector':'{service_name=\\'x\\'}'"),
		"\r\n\r\n{}");
}

static void what_makes_no_sense_is_said_so(void **state)
{
	asking_has(asking_querier_now("SelectHeatmap", ",'step':10"), "query_type is");
	asking_has(asking_querier_now("SelectHeatmap", BY_PROFILE ",'exemplarType':3"),
		"exemplar_type is that of query_type");
	asking_has(asking_querier_now("SelectHeatmap", ",'queryType':1"), "step is at least");
	asking_has(asking_querier_now("SelectHeatmap", ",'queryType':1,'step':0.01"),
		"ask for a longer step");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_are_counted_by_their_size),
		cmocka_unit_test(labels_make_lines),
		cmocka_unit_test(spans_are_counted_with_the_largest_as_an_example),
		cmocka_unit_test(nothing_is_no_lines),
		cmocka_unit_test(what_makes_no_sense_is_said_so),
		cmocka_unit_test(rows_go_from_the_least_to_the_largest),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
