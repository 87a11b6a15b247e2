/* test_pyroscope_status: what is said of the store itself. */
#include "testing.h"

#include "server/asking_querier.h"
#include "server/pyroscope_status.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"

static long long number_after(const char *reply, const char *part)
{
	const char *at = strstr(reply, part);

	assert_non_null(at);
	return atoll(at + strlen(part));
}

static void a_store_knows_since_when(void **state)
{
	long long now_ms = (long long)(clock_realtime_ns() / 1000000);
	const char *reply = asking_querier("GetProfileStats", "{}");
	long long oldest = number_after(reply, "\"oldestProfileTime\":\"");

	asking_has(reply, "{\"dataIngested\":true,");
	assert_in_range(oldest, now_ms - 90000, now_ms - 59000);
	assert_in_range(number_after(reply, "\"newestProfileTime\":\""), oldest, now_ms);
}

/* The method itself, for a tenant. */
static void ask_as(const char *tenant, const struct connect_method *method, struct buf *reply)
{
	struct router_call http = { 0 };
	struct connect_call call = { .http = &http, .end_ns = UINT64_MAX };
	BUF_AUTO message = { 0 };

	snprintf(http.tenant, sizeof(http.tenant), "%s", tenant);
	assert_int_equal(method->answer(asking_store, &call, &message, NULL), 0);
	assert_int_equal(protojson_write(method->reply, buf_view(&message), reply, NULL), 0);
	buf_add_char(reply, '\0');
}

static void a_tenant_sees_days_of_its_own(void **state)
{
	long long now_ms = (long long)(clock_realtime_ns() / 1000000), oldest, newest;
	BUF_AUTO some = { 0 };
	BUF_AUTO none = { 0 };

	ask_as("other", &pyroscope_status_stats, &some);
	oldest = number_after(some.at, "\"oldestProfileTime\":\"");
	newest = number_after(some.at, "\"newestProfileTime\":\"");
	assert_true(oldest <= now_ms - 59000 && oldest > now_ms - 2 * 86400000LL);
	assert_true(newest >= now_ms - 90000);
	ask_as("nobody", &pyroscope_status_stats, &none);
	assert_string_equal(none.at, "{}");
}

static void a_query_is_measured(void **state)
{
	asking_has(asking_querier("AnalyzeQuery", "{'query':'" CPU "{service_name=\\'shop\\'}'}"),
		"{\"queryScopes\":[{\"componentType\":\"store\",\"componentCount\":\"1\","
		"\"seriesCount\":\"1\",\"profileCount\":\"1\"}],"
		"\"queryImpact\":{\"totalQueriedSeries\":\"1\"}}");
	asking_has(asking_querier("AnalyzeQuery", "{'query':'{}'}"), "\"seriesCount\":\"2\"}");
	asking_has(asking_querier("AnalyzeQuery", "{'query':'{__type__=\\'lock\\'}'}"),
		"{\"componentType\":\"store\",\"componentCount\":\"1\"}");
	asking_has(asking_querier("AnalyzeQuery", "{'query':'{a'}"), " 400 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_knows_since_when),
		cmocka_unit_test(a_tenant_sees_days_of_its_own),
		cmocka_unit_test(a_query_is_measured),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
