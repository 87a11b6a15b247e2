/* test_listing: a server's lists as lines. */
#include "testing.h"

#include "cli/listing.h"

static void texts_are_a_line_each(void **state)
{
	BUF_AUTO out = { 0 };
	size_t n;

	assert_int_equal(listing_texts(VIEW("{\"values\":[\"eu\",\"a\\u001b[31mb\"]}"), "values",
				 &out, &n, NULL),
		0);
	assert_int_equal(n, 2);
	assert_view_equal(buf_view(&out), "eu\na\xe2\x90\x9b[31mb\n");
}

static void a_series_is_a_selector(void **state)
{
	BUF_AUTO out = { 0 };
	size_t n;

	assert_int_equal(
		listing_series(VIEW("{\"series\":[{\"labels\":{\"a\":\"b\",\"c\":\"\\\"\\\\\"},"
				    "\"name\":\"cpu\"}]}"),
			&out, &n, NULL),
		0);
	assert_int_equal(n, 1);
	assert_view_equal(buf_view(&out), "cpu{a=\"b\",c=\"\\\"\\\\\"}\n");
}

static void traces_have_their_total_time_and_service(void **state)
{
	BUF_AUTO out = { 0 };
	size_t n;

	assert_int_equal(
		listing_traces(VIEW("{\"found\":2,\"traces\":[{\"trace_id\":\"0a\",\"span_id\":"
				    "\"0b\",\"service\":\"shop\",\"total\":1500000000,\"from\":60,"
				    "\"until\":61.5},{\"trace_id\":\"0c\",\"total\":0}],"
				    "\"unit\":\"nanoseconds\"}"),
			&out, &n, NULL),
		0);
	assert_int_equal(n, 2);
	assert_view_equal(buf_view(&out), "0a  0b     1.50s  1970-01-01T00:01:00Z  shop\n"
					  "0c         0  1970-01-01T00:00:00Z  \n");
}

#define TIMELINE                                                                              \
	"{\"from\":60,\"step\":30,\"unit\":\"bytes\",\"lines\":[{\"value\":\"eu\",\"total\":" \
	"3072,\"points\":[1024,0,2048]},{\"value\":\"\",\"total\":1,\"points\":[0,0,1]}]}"

static void a_timeline_has_totals_and_points(void **state)
{
	BUF_AUTO totals = { 0 };
	BUF_AUTO points = { 0 };
	size_t n;

	assert_int_equal(listing_totals(VIEW(TIMELINE), &totals, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_view_equal(buf_view(&totals), "       3kB  eu\n        1B  -\n");
	assert_int_equal(listing_points(VIEW(TIMELINE), &points, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_view_equal(buf_view(&points), "1970-01-01T00:01:00Z         1kB  eu\n"
					     "1970-01-01T00:02:00Z         2kB  eu\n"
					     "1970-01-01T00:02:00Z          1B  -\n");
}

static void what_is_no_such_answer_is_refused(void **state)
{
	const char *const wrong[] = { "", "[]", "{\"traces\":3}",
		"{\"traces\":[{\"total\":\"x\"}]}", "{\"other\":[]}", "{\"traces\":[", "<html>" };
	struct err err;
	size_t n;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		BUF_AUTO out = { 0 };

		assert_int_equal(listing_traces(view_of(wrong[i]), &out, &n, &err), ERR_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_a_line_each),
		cmocka_unit_test(a_series_is_a_selector),
		cmocka_unit_test(traces_have_their_total_time_and_service),
		cmocka_unit_test(a_timeline_has_totals_and_points),
		cmocka_unit_test(what_is_no_such_answer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
