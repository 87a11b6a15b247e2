/* test_ways_out_time: totals, functions and heat over time, over a socket. */
#include "testing.h"

#include "server/asking.h"

static void a_timeline_has_a_line_for_each_value(void **state)
{
	asking_says("/api/v1/timeline?group=service_name&step=10m", "\"step\":600,");
	asking_says("/api/v1/timeline?group=service_name&step=10m",
		"{\"value\":\"cart\",\"total\":4000,\"profiles\":1,\"series\":1,\"points\":[");
	asking_says("/api/v1/timeline?step=10m",
		"{\"value\":\"\",\"total\":8000,\"profiles\":2,\"series\":2,\"points\":[");
	asking_says("/api/v1/timeline?group=service_name&group=region",
		"{\"value\":\"cart\",\"values\":[\"cart\",\"eu\"],\"total\":4000,");
	asking_lacks("/api/v1/timeline?group=service_name", "secret");
	asking_says("/api/v1/timeline?step=soon", "step='soon' is no time");
	asking_says("/api/v1/timeline?step=1ms", "the limit is 11000");
}

static void values_have_their_totals(void **state)
{
	asking_says("/api/v1/label/service_name/values?counts=1",
		"{\"found\":2,\"unit\":\"nanoseconds\",\"counts\":[{\"value\":\"cart\",\"total\":"
		"4000,\"profiles\":1,\"series\":1},{\"value\":\"shop\",");
	asking_says("/api/v1/label/region/values?counts=1&type=samples",
		"\"unit\":\"count\",\"counts\":[{\"value\":\"eu\",\"total\":8,\"profiles\":2,"
		"\"series\":2}]}");
	asking_says("/api/v1/label/service_name/values?counts=1&limit=1",
		"\"value\":\"cart\",\"total\":4000,\"profiles\":1,\"series\":1}]}");
	asking_lacks("/api/v1/label/service_name/values?counts=1", "secret");
}

static void functions_have_their_share(void **state)
{
	asking_says("/api/v1/share?service=shop&function=work&function=main&step=2h&from=now-1h",
		"\"functions\":[\"work\",\"main\"],\"lines\":[{\"value\":\"\",\"total\":4000,"
		"\"whole\":[");
	asking_says("/api/v1/share?service=shop&function=work&step=2h&type=samples",
		"\"functions\":[{\"self\":[");
	asking_says("/api/v1/share?function=work&group=service_name", "{\"value\":\"shop\",");
	asking_says("/api/v1/share", "1 to 32 functions can be asked for");
	asking_says("/api/v1/share?function=work&step=1ms", "the limit is 11000");
}

static void heat_is_counted(void **state)
{
	asking_says("/api/v1/heatmap?step=2h&rows=4", "\"found\":2,\"without\":0,\"edges\":[4000,");
	asking_says("/api/v1/heatmap?step=2h&rows=1&by=trace&scale=linear",
		"\"found\":1,\"without\":0,\"edges\":[0,6000],");
	asking_says("/api/v1/heatmap?by=day", "by is profile, trace or span");
	asking_says("/api/v1/heatmap?scale=wide", "scale is log or linear");
	asking_says("/api/v1/heatmap?rows=1000", "rows is a number of at most 200");
	asking_says("/api/v1/heatmap?service=nobody", "\"found\":0,");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timeline_has_a_line_for_each_value),
		cmocka_unit_test(values_have_their_totals),
		cmocka_unit_test(functions_have_their_share),
		cmocka_unit_test(heat_is_counted),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
