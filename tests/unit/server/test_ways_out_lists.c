/* test_ways_out_lists: what is kept, listed for the tenant that asks. */
#include "testing.h"

#include "server/asking.h"

static void types_labels_and_values_are_listed(void **state)
{
	asking_says("/api/v1/types", "{\"types\":[\"process_cpu:cpu:nanoseconds:cpu:nanoseconds\","
				     "\"process_cpu:samples:count:cpu:nanoseconds\"]}");
	asking_says("/api/v1/labels", "{\"labels\":[\"region\",\"service_name\"]}");
	asking_says("/api/v1/label/service_name/values", "{\"values\":[\"cart\",\"shop\"]}");
	asking_says("/api/v1/label/nothing/values", "{\"values\":[]}");
	asking_says("/api/v1/series?query=%7Bservice_name%3D%22cart%22%7D",
		"{\"name\":\"process_cpu\",\"labels\":{\"region\":\"eu\",\"service_name\":\"cart\"}"
		"}]}");
	asking_lacks("/api/v1/series", "secret");
}

static void traces_are_listed_by_weight(void **state)
{
	asking_says("/api/v1/traces", "\"found\":1,\"unit\":\"nanoseconds\"");
	asking_says("/api/v1/traces", "{\"trace_id\":\"" ASKING_TRACE "\",\"service\":\"");
	asking_says("/api/v1/traces", "\"total\":6000,");
	asking_says("/api/v1/traces?by=span", "\"span_id\":\"0000000000000000\"");
	asking_says("/api/v1/traces?limit=0", "\"traces\":[]}");
	asking_says("/api/v1/traces?by=day", "by is trace or span");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_labels_and_values_are_listed),
		cmocka_unit_test(traces_are_listed_by_weight),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
