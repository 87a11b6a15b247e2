/* test_pyroscope_diff: two selections side by side, over a socket. */
#include "testing.h"

#include "server/asking_querier.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"

static const char *diff(const char *left, const char *right)
{
	long long now_ms = (long long)(clock_realtime_ns() / 1000000);
	char json[2000];

	snprintf(json, sizeof(json),
		"{'left':{%s,'start':%lld,'end':%lld},'right':{%s,'start':%lld,'end':%lld}}", left,
		now_ms - 300000, now_ms, right, now_ms - 300000, now_ms);
	return asking_querier("Diff", json);
}

#define SHOP "'profileTypeID':'" CPU "','labelSelector':'{service_name=\\'shop\\'}'"
#define ALL "'profile_typeID':'" CPU "'"
#define NOBODY "'profileTypeID':'" CPU "','labelSelector':'{service_name=\\'nobody\\'}'"

static void both_sides_are_there(void **state)
{
	asking_has(diff(SHOP, ALL),
		"{\"flamegraph\":{\"names\":[\"total\",\"main\",\"wait\",\"work\"],\"levels\":["
		"{\"values\":[\"0\",\"4000\",\"0\",\"0\",\"8000\",\"0\",\"0\"]},"
		"{\"values\":[\"0\",\"4000\",\"0\",\"0\",\"8000\",\"0\",\"1\"]},"
		"{\"values\":[\"0\",\"1000\",\"1000\",\"0\",\"2000\",\"2000\",\"2\","
		"\"0\",\"3000\",\"3000\",\"0\",\"6000\",\"6000\",\"3\"]}],"
		"\"total\":\"12000\",\"maxSelf\":\"6000\",\"leftTicks\":\"4000\",\"rightTicks\":"
		"\"8000\"}}");
}

static void a_side_may_be_empty(void **state)
{
	asking_has(diff(NOBODY, SHOP),
		"\"total\":\"4000\",\"maxSelf\":\"3000\",\"rightTicks\":\"4000\"");
	asking_has(diff(NOBODY, NOBODY), "{\"names\":[\"total\"]");
}

static void sides_have_one_unit(void **state)
{
	asking_has(diff(SHOP, "'profileTypeID':'process_cpu:samples:count:cpu:nanoseconds'"),
		"cannot be compared");
	asking_has(diff(SHOP, "'profileTypeID':'speed'"), "right: 'speed' is no type");
	asking_has(asking_querier("Diff", "{}"), "left: start and end are missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_are_there),
		cmocka_unit_test(a_side_may_be_empty),
		cmocka_unit_test(sides_have_one_unit),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
