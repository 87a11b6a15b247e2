/* test_listing: a server's lists as lines. */
#include "testing.h"

#include "cli/listing.h"

static void texts_are_a_line_each(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	assert_int_equal(listing_texts(VIEW("{\"values\":[\"eu\",\"a\\u001b[31mb\"]}"), "values",
				 &out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out), "eu\na\xe2\x90\x9b[31mb\n");
}

static void a_series_is_a_selector(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	assert_int_equal(
		listing_series(VIEW("{\"series\":[{\"labels\":{\"a\":\"b\",\"c\":\"\\\"\\\\\"},"
				    "\"name\":\"cpu\"}]}"),
			&out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out), "cpu{a=\"b\",c=\"\\\"\\\\\"}\n");
}

static void traces_have_their_total_time_and_service(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	assert_int_equal(
		listing_traces(VIEW("{\"found\":2,\"traces\":[{\"trace_id\":\"0a\",\"span_id\":"
				    "\"0b\",\"service\":\"shop\",\"total\":1500000000,\"from\":60,"
				    "\"until\":61.5},{\"trace_id\":\"0c\",\"total\":0}],"
				    "\"unit\":\"nanoseconds\"}"),
			&out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out), "0a  0b     1.50s  1970-01-01T00:01:00Z  shop\n"
					  "0c         0  1970-01-01T00:00:00Z  \n");
}

static void the_truth_is_a_line_and_sentences(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	assert_int_equal(listing_truth(VIEW("{\"profiles\":2,\"line\":\"2 profiles\","
					    "\"sentences\":[\"Mind the gap.\"]}"),
				 &out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out), "2 profiles\nMind the gap.\n");
	assert_int_equal(listing_truth(VIEW("{\"sentences\":3}"), &out, &any, NULL), ERR_CORRUPT);
}

static void what_is_no_such_answer_is_refused(void **state)
{
	const char *const wrong[] = { "", "[]", "{\"traces\":3}",
		"{\"traces\":[{\"total\":\"x\"}]}", "{\"other\":[]}", "{\"traces\":[", "<html>" };
	struct err err;
	bool any;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		BUF_AUTO out = { 0 };

		assert_int_equal(listing_traces(view_of(wrong[i]), &out, &any, &err), ERR_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_a_line_each),
		cmocka_unit_test(a_series_is_a_selector),
		cmocka_unit_test(traces_have_their_total_time_and_service),
		cmocka_unit_test(the_truth_is_a_line_and_sentences),
		cmocka_unit_test(what_is_no_such_answer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
