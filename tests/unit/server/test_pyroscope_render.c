/* test_pyroscope_render: the older routes, over a socket. */
#include "testing.h"

#include "server/asking_querier.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"
#define SHOP CPU "%7Bservice_name%3D%22shop%22%7D"

static void a_selection_is_a_flamebearer(void **state)
{
	asking_says("/pyroscope/render?query=" SHOP "&from=now-5m&until=now",
		"{\"version\":1,\"flamebearer\":{\"names\":[\"total\",\"main\",\"wait\",\"work\"],"
		"\"levels\":[[0,4000,0,0],[0,4000,0,1],[0,1000,1000,2,0,3000,3000,3]],"
		"\"numTicks\":4000,\"maxSelf\":3000},\"metadata\":{\"format\":\"single\","
		"\"spyName\":\"\",\"sampleRate\":1000000000,\"units\":\"samples\",\"name\":\"cpu\"}"
		","
		"\"timeline\":{\"startTime\":");
	asking_says("/render?query=" SHOP "&from=now-5m",
		"\"durationDelta\":15,\"watermarks\":null},"
		"\"groups\":null,\"heatmap\":null}");
	asking_says("/render?query=" SHOP "&from=now-5m", ",0,4000,0");
	asking_says("/render?query=process_cpu:samples:count:cpu:nanoseconds",
		"\"sampleRate\":100,\"units\":\"objects\"");
	asking_says("/render?query=" SHOP "&from=now-2m&until=now-110s", "\"numTicks\":0");
	asking_says("/render?query=" SHOP "&max-nodes=2", "\"other\"");
}

static void queries_come_in_several_forms(void **state)
{
	asking_says("/render?query=%7B__name__%3D%22" CPU "%22%2Cservice_name%3D%22shop%22%7D",
		"\"numTicks\":4000");
	asking_says("/render?query=shop.cpu%7Bregion%3D%22eu%22%7D", "\"numTicks\":4000");
	asking_says("/render?query=shop.cpu%7Bregion%3D%22us%22%7D", "\"numTicks\":0");
	asking_says("/render?query=cpu", "\"numTicks\":8000");
}

static void labels_make_groups(void **state)
{
	asking_says("/render?query=cpu&from=now-5m&groupBy=service_name",
		"\"groups\":{\"cart\":{\"startTime\":");
	asking_says("/render?query=cpu&from=now-5m&groupBy=service_name", ",4000,");
	asking_says("/render?query=cpu&from=now-5m&groupBy=service_name", ",8000,");
	asking_says("/render?query=cpu&groupBy=nowhere&aggregation=sum", "\"groups\":{\"*\":{");
	asking_says("/render?query=cpu&from=now-5m&aggregation=avg", ",4000,");
}

static void a_call_graph_is_text(void **state)
{
	asking_says("/pyroscope/render?format=dot&query=" SHOP, "digraph \"flyover\" {");
	asking_says("/render?format=dot&query=" SHOP, "Content-Type: text/plain");
	asking_lacks("/render?format=dot&query=" SHOP "&max-nodes=1", "work");
	asking_says("/render?format=dot&query=nobody.cpu", "Content-Length: 0\r\n");
}

static void two_selections_are_one_picture(void **state)
{
	asking_says("/pyroscope/render-diff?leftQuery=" SHOP "&leftFrom=now-5m&leftUntil=now"
		    "&rightQuery=cpu&rightFrom=now-5m&rightUntil=now",
		"[0,1000,1000,0,2000,2000,2,0,3000,3000,0,6000,6000,3]");
	asking_says("/render-diff?leftQuery=" SHOP "&rightQuery=cpu",
		"\"metadata\":{\"format\":\"double\",\"spyName\":\"\",\"sampleRate\":1000000000,"
		"\"units\":\"samples\",\"name\":\"cpu\"},\"timeline\":null,\"groups\":null,"
		"\"heatmap\":null,\"leftTicks\":4000,\"rightTicks\":8000}");
	asking_says("/render-diff?leftQuery=cpu&rightQuery=samples",
		"both sides have to be of one type");
	asking_says("/render-diff?leftQuery=cpu", "rightQuery is missing");
}

static void values_are_a_list(void **state)
{
	asking_says("/pyroscope/label-values?label=service_name", "[\"cart\",\"shop\"]");
	asking_says("/label-values?label=__name__", "[\"" CPU "\",\"process_cpu:samples:");
	asking_says("/label-values?label=nowhere", "\r\n\r\n[]");
	asking_says("/label-values", "label is missing");
}

static void what_makes_no_sense_is_said_so(void **state)
{
	asking_says("/render", "query is missing");
	asking_says("/render?query=%7B%7D", "profile_typeID is missing");
	asking_says("/render?query=speed%7B%7D", "\"code\":\"invalid_argument\"");
	asking_says("/render?query=cpu&from=yesterday", "from='yesterday' is no time");
	asking_says("/render?query=cpu&from=now&until=now-1h", "the range is empty");
	asking_says("/render?query=cpu&max-nodes=many", "max-nodes is a number");
	asking_says("/render?query=cpu&max-nodes=9999999", "max_nodes is 1048576 at most");
	asking_says("/render?query=cpu&aggregation=median", "aggregation is sum or avg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_selection_is_a_flamebearer),
		cmocka_unit_test(queries_come_in_several_forms),
		cmocka_unit_test(labels_make_groups),
		cmocka_unit_test(a_call_graph_is_text),
		cmocka_unit_test(two_selections_are_one_picture),
		cmocka_unit_test(values_are_a_list),
		cmocka_unit_test(what_makes_no_sense_is_said_so),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
