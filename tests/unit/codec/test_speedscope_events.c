/* test_speedscope_events: time between two events belongs to the frames that are open. */
#include "speedscope_text.h"

#define EVENTED(events) "{" FRAMES ",\"profiles\":[{\"unit\":\"none\",\"events\":" events "}]}"

static void evented_profiles_charge_what_is_open(void **state)
{
	PROFILE_AUTO p = read_text("{\"profiles\":[{\"type\":\"evented\",\"unit\":\"microseconds\","
				   "\"endValue\":20,\"events\":["
				   "{\"type\":\"O\",\"frame\":0,\"at\":1},"
				   "{\"type\":\"O\",\"frame\":1,\"at\":3},"
				   "{\"type\":\"C\",\"frame\":1,\"at\":4.5},"
				   "{\"type\":\"C\",\"frame\":0,\"at\":5},"
				   "{\"type\":\"O\",\"frame\":1,\"at\":15}]}]," FRAMES "}");

	assert_folded(p, "a 2500\na;b 1500\nb 5000\n");
	assert_view_equal(profile_text(p, p->types[0].unit), "nanoseconds");
}

static void nonsense_is_refused(void **state)
{
	refuses(EVENTED("[{\"type\":\"C\",\"frame\":0,\"at\":0}]"), "not the last one opened");
	refuses(EVENTED("[{\"type\":\"X\",\"frame\":0,\"at\":0}]"), "neither \"O\" nor \"C\"");
	refuses(EVENTED("[{\"type\":\"O\",\"frame\":0}]"), "an event without a time");
	refuses(EVENTED("[{\"type\":\"O\",\"frame\":0,\"at\":5},{\"type\":\"C\",\"frame\":0,\"at\":"
			"4}]"),
		"time runs backwards");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evented_profiles_charge_what_is_open),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
