/* test_pyroscope_none: what is not here is an empty list, in both codecs. */
#include "testing.h"

#include "server/asking_querier.h"

static void lists_are_empty(void **state)
{
	static const char *const paths[] = { "/settings.v1.SettingsService/Get",
		"/settings.v1.RecordingRulesService/ListRecordingRules",
		"/adhocprofiles.v1.AdHocProfileService/List",
		"/capabilities.v1.FeatureFlagsService/GetFeatureFlags" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		asking_has(asking_post(paths[i], "Content-Type: application/json\r\n", VIEW("{}")),
			"\r\n\r\n{}");
		asking_has(asking_post(paths[i], "Content-Type: application/proto\r\n", VIEW("")),
			"Content-Length: 0\r\n");
		asking_has(
			asking_post(paths[i], "Content-Type: text/plain\r\n", VIEW("")), " 415 ");
	}
}

static void nothing_can_be_put_there(void **state)
{
	asking_has(asking_post("/settings.v1.SettingsService/Set",
			   "Content-Type: application/json\r\n", VIEW("{}")),
		" 404 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_empty),
		cmocka_unit_test(nothing_can_be_put_there),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
