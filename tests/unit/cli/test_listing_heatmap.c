/* test_listing_heatmap: of a heat map each cell that has any is a line. */
#include "testing.h"

#include "cli/listing.h"

static void a_cell_is_a_line(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	(void)state;
	assert_int_equal(
		listing_heatmap(VIEW("{\"from\":60,\"step\":15,\"type\":\"t\",\"unit\":\"bytes\","
				     "\"found\":5,\"edges\":[0,1024,2048],\"rows\":[[0,2],[3,0]]}"),
			&out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out),
		"1970-01-01T00:01:15Z           0         1kB         2\n"
		"1970-01-01T00:01:00Z         1kB         2kB         3\n");
}

static void nothing_is_nothing_and_nonsense_is_told(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	(void)state;
	assert_int_equal(listing_heatmap(VIEW("{\"edges\":[],\"rows\":[]}"), &out, &any, NULL), 0);
	assert_false(any);
	assert_int_equal(listing_heatmap(VIEW("{\"edges\":[]}"), &out, &any, NULL), ERR_CORRUPT);
	assert_int_equal(
		listing_heatmap(VIEW("{\"edges\":[1],\"rows\":[[1,2],[3]]}"), &out, &any, NULL), 0);
	assert_true(any);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_a_line),
		cmocka_unit_test(nothing_is_nothing_and_nonsense_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
