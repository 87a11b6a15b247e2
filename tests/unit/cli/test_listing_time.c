/* test_listing_time: a server's timelines as lines. */
#include "testing.h"

#include "cli/listing.h"

#define TIMELINE                                                                              \
	"{\"from\":60,\"step\":30,\"unit\":\"bytes\",\"lines\":[{\"value\":\"eu\",\"total\":" \
	"3072,\"points\":[1024,0,2048]},{\"value\":\"\",\"total\":1,\"points\":[0,0,1]}]}"

static void a_timeline_has_totals_and_points(void **state)
{
	BUF_AUTO totals = { 0 };
	BUF_AUTO points = { 0 };
	bool any;

	assert_int_equal(listing_totals(VIEW(TIMELINE), &totals, &any, NULL), 0);
	assert_true(any);
	assert_view_equal(buf_view(&totals), "       3kB  eu\n        1B  -\n");
	assert_int_equal(listing_points(VIEW(TIMELINE), &points, &any, NULL), 0);
	assert_true(any);
	assert_view_equal(buf_view(&points), "1970-01-01T00:01:00Z         1kB  eu\n"
					     "1970-01-01T00:02:00Z         2kB  eu\n"
					     "1970-01-01T00:02:00Z          1B  -\n");
}

static void a_share_is_what_a_function_took_of_the_whole(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	assert_int_equal(
		listing_share(VIEW("{\"from\":60,\"step\":30,\"unit\":\"bytes\",\"functions\":["
				   "\"f\",\"g\"],\"lines\":[{\"value\":\"eu\",\"total\":4096,"
				   "\"whole\":[4096,0,2048],\"functions\":[{\"self\":[0,0,0],"
				   "\"total\":[1024,0]},{\"total\":[9,9,9]}]}]}"),
			&out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out),
		"1970-01-01T00:01:00Z         1kB       4kB   25.0%  eu\n"
		"1970-01-01T00:02:00Z           0       2kB    0.0%  eu\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timeline_has_totals_and_points),
		cmocka_unit_test(a_share_is_what_a_function_took_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
