/* test_pyroscope_lists: types, labels and series of what is kept, over a socket. */
#include "testing.h"

#include "server/asking_querier.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"
#define SAMPLES "process_cpu:samples:count:cpu:nanoseconds"

static void types_come_in_parts(void **state)
{
	asking_has(asking_querier("ProfileTypes", "{}"),
		"{\"profileTypes\":[{\"ID\":\"" CPU "\",\"name\":\"process_cpu\",\"sampleType\":"
		"\"cpu\",\"sampleUnit\":\"nanoseconds\",\"periodType\":\"cpu\",\"periodUnit\":"
		"\"nanoseconds\"},{\"ID\":\"" SAMPLES "\"");
	asking_has(asking_querier("ProfileTypes", "{'start':1000,'end':2000}"), "\r\n\r\n{}");
}

static void labels_of_the_type_are_labels_too(void **state)
{
	asking_has(asking_querier("LabelNames", "{}"),
		"{\"names\":[\"__name__\",\"__period_type__\",\"__period_unit__\","
		"\"__profile_type__\",\"__type__\",\"__unit__\",\"region\",\"service_name\"]}");
	asking_has(
		asking_querier("LabelNames", "{'matchers':['{region=\\'us\\'}']}"), "\r\n\r\n{}");
	asking_has(asking_querier("LabelNames", "{'matchers':['{__type__=\\'cpu\\'}']}"),
		"\"region\"");
	asking_has(asking_querier("LabelNames", "{'matchers':['{__type__=\\'lock\\'}']}"),
		"\r\n\r\n{}");
}

static void values_are_sorted_and_once(void **state)
{
	asking_has(asking_querier("LabelValues", "{'name':'service_name'}"),
		"{\"names\":[\"cart\",\"shop\"]}");
	asking_has(asking_querier("LabelValues", "{'name':'__service_name__'}"),
		"[\"cart\",\"shop\"]");
	asking_has(asking_querier("LabelValues",
			   "{'name':'service_name','matchers':['{service_name=\\'shop\\'}',"
			   "'{service_name=~\\'.*\\'}']}"),
		"[\"cart\",\"shop\"]");
	asking_has(asking_querier("LabelValues",
			   "{'name':'service_name','matchers':['{service_name!=\\'shop\\'}']}"),
		"[\"cart\"]");
	asking_has(asking_querier("LabelValues", "{'name':'__profile_type__'}"),
		"[\"" CPU "\",\"" SAMPLES "\"]");
	asking_has(asking_querier("LabelValues",
			   "{'name':'service_name','matchers':['{__unit__=\\'count\\'}']}"),
		"[\"cart\",\"shop\"]");
	asking_has(asking_querier("LabelValues",
			   "{'name':'__type__','matchers':['{__unit__=\\'count\\'}']}"),
		"[\"samples\"]");
	asking_has(
		asking_querier("LabelValues",
			"{'name':'__type__','matchers':['{__profile_type__=~\\'.*:count:.*\\'}']}"),
		"[\"samples\"]");
	asking_has(asking_querier("LabelValues",
			   "{'name':'service_name','matchers':['{__profile_type__!~\\'.*\\'}']}"),
		"\r\n\r\n{}");
	asking_has(asking_querier("LabelValues", "{'name':'unknown'}"), "\r\n\r\n{}");
	asking_has(asking_querier("LabelValues", "{}"), "name is missing");
}

static void series_have_the_labels_that_are_asked_for(void **state)
{
	const char *reply = asking_querier("Series", "{'labelNames':['service_name']}");

	asking_has(reply, "{\"labels\":[{\"name\":\"service_name\",\"value\":\"shop\"}]}");
	assert_null(strstr(reply, "region"));
	asking_has(asking_querier("Series",
			   "{'matchers':['{service_name=\\'shop\\',__type__=\\'cpu\\'}']}"),
		"{\"labelsSet\":[{\"labels\":[{\"name\":\"__name__\",\"value\":\"process_cpu\"},"
		"{\"name\":\"__period_type__\",\"value\":\"cpu\"},{\"name\":\"__period_unit__\","
		"\"value\":\"nanoseconds\"},{\"name\":\"__profile_type__\",\"value\":\"" CPU
		"\"},{\"name\":\"__type__\",\"value\":\"cpu\"},{\"name\":\"__unit__\",\"value\":"
		"\"nanoseconds\"},{\"name\":\"region\",\"value\":\"eu\"},"
		"{\"name\":\"service_name\",\"value\":\"shop\"}]}]}");
	asking_has(asking_querier("Series", "{'matchers':['" CPU "{}'],'labelNames':['__type__']}"),
		"{\"labelsSet\":[{\"labels\":[{\"name\":\"__type__\",\"value\":\"cpu\"}]}]}");
}

static void another_tenants_are_not_there(void **state)
{
	assert_null(strstr(asking_querier("Series", "{}"), "secret"));
	assert_null(strstr(asking_querier("LabelValues", "{'name':'service_name'}"), "secret"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_come_in_parts),
		cmocka_unit_test(labels_of_the_type_are_labels_too),
		cmocka_unit_test(values_are_sorted_and_once),
		cmocka_unit_test(series_have_the_labels_that_are_asked_for),
		cmocka_unit_test(another_tenants_are_not_there),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
