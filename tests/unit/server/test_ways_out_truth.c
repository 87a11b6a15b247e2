/* test_ways_out_truth: a selection says what it rests on, for programs and for people. */
#include "testing.h"

#include "server/asking.h"

static void what_it_rests_on_is_said(void **state)
{
	asking_says("/api/v1/truth?service=shop",
		"\"profiles\":1,\"series\":1,\"total\":4000,\"unit\":\"nanoseconds\",\"samples\":4,"
		"\"complete\":4,\"truncated\":{\"depth\":0,");
	asking_says("/api/v1/truth?service=shop", "\"line\":\"4 samples \u00b7 100 % complete\"");
	asking_says("/api/v1/truth?service=shop", "\"level\":\"care\"");
	asking_says("/api/v1/truth?service=shop", "\"sentences\":[\"Only 4 samples:");
	asking_says("/api/v1/truth?service=shop", "\"hosts\":[{\"host\":\"\",\"profiles\":1,");
	asking_says(
		"/api/v1/truth?service=shop", "1 host has profiles of a part of the range only");
	asking_says("/api/v1/truth?trace=" ASKING_TRACE, "\"samples\":6,");
	asking_lacks("/api/v1/truth", "\"capture\"");
}

static void nothing_rests_on_nothing(void **state)
{
	asking_says("/api/v1/truth?service=nobody", "\"profiles\":0,\"series\":0,\"total\":0,");
	asking_says("/api/v1/truth?service=nobody", "\"hosts\":[],");
	asking_says("/api/v1/truth?service=nobody", "\"line\":\"0 profiles\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_rests_on_is_said),
		cmocka_unit_test(nothing_rests_on_nothing),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
