/* test_pyroscope_request: every field of a request finds its place. */
#include "testing.h"

#include "server/pyroscope_messages.h"
#include "server/pyroscope_request.h"
#include "wire/proto.h"

static struct buf bytes;

static int read_json(const struct protojson_message *message, const char *json,
	struct pyroscope_request *ret, struct err *err)
{
	buf_clear(&bytes);
	assert_int_equal(protojson_read(message, view_of(json), &bytes, NULL), 0);
	return pyroscope_request_read(message, buf_view(&bytes), ret, err);
}

static void fields_are_known_by_their_names(void **state)
{
	struct pyroscope_request r;

	assert_int_equal(
		read_json(&pyroscope_messages_stacks_request,
			"{\"profileTypeID\":\"t\",\"labelSelector\":\"s\",\"start\":1,"
			"\"end\":2,\"maxNodes\":3,\"format\":2,\"spanSelector\":[\"x\","
			"\"y\"],\"stackTraceSelector\":{\"callSite\":[{\"name\":\"main\"},{}]},"
			"\"newerThanThis\":{}}",
			&r, NULL),
		0);
	assert_view_equal(r.type, "t");
	assert_view_equal(r.selector, "s");
	assert_int_equal(r.start_ms, 1);
	assert_int_equal(r.end_ms, 2);
	assert_int_equal(r.nodes_max, 3);
	assert_int_equal(r.format, FORMAT_TREE);
	assert_int_equal(r.spans.n, 2);
	assert_view_equal(r.spans.at[1], "y");
	assert_int_equal(r.n_call_site, 2);
	assert_view_equal(r.call_site[0], "main");
	assert_view_equal(r.call_site[1], "");
	assert_int_equal(read_json(&pyroscope_messages_points_request,
				 "{\"step\":0.5,\"groupBy\":[\"a\",\"b\"],\"limit\":7,"
				 "\"aggregation\":1,\"exemplarType\":2}",
				 &r, NULL),
		0);
	assert_true(r.step_s == 0.5);
	assert_int_equal(r.group_by.n, 2);
	assert_int_equal(r.limit, 7);
	assert_int_equal(r.aggregation, 1);
	assert_int_equal(r.exemplars, 2);
	assert_int_equal(read_json(&pyroscope_messages_profile_request,
				 "{\"stackTraceSelector\":{\"goPgo\":{\"keepLocations\":5,"
				 "\"aggregateCallees\":true}}}",
				 &r, NULL),
		0);
	assert_true(r.for_pgo && r.aggregate_callees);
	assert_int_equal(r.keep_locations, 5);
	assert_int_equal(read_json(&pyroscope_messages_values_request,
				 "{\"name\":\"a\",\"matchers\":[\"{}\"],\"end\":-1}", &r, NULL),
		0);
	assert_view_equal(r.name, "a");
	assert_view_equal(r.matchers.at[0], "{}");
	assert_int_equal(r.end_ms, -1);
}

static void lists_have_a_limit(void **state)
{
	struct pyroscope_request r;
	struct err err;

	buf_clear(&bytes);
	for (unsigned i = 0; i <= PYROSCOPE_REQUEST_TEXTS_MAX; i++)
		proto_put_bytes(&bytes, 1, VIEW("{}"));
	assert_int_equal(pyroscope_request_read(
				 &pyroscope_messages_names_request, buf_view(&bytes), &r, &err),
		ERR_LIMIT);
	assert_non_null(strstr(err.text, "matchers"));
	buf_clear(&bytes);
	for (unsigned i = 0; i <= PYROSCOPE_REQUEST_CALLS_MAX; i++)
		buf_add_text(&bytes, "\x42\x02\x0a"), buf_add_char(&bytes, 0);
	assert_int_equal(pyroscope_request_read(
				 &pyroscope_messages_points_request, buf_view(&bytes), &r, &err),
		ERR_LIMIT);
}

static void bytes_that_are_no_request_are_said_so(void **state)
{
	static const char *const wrong[] = { "\x08\x01", "\x0a\x05t", "\x18", "\x1a\x01t", "\x0b",
		"\x3a\x01\x01", "\x3a\x02\x0a\x01" };
	struct pyroscope_request r;
	struct err err;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(pyroscope_request_read(&pyroscope_messages_stacks_request,
					 view_of(wrong[i]), &r, &err),
			ERR_CORRUPT);
}

static int forget(void **state)
{
	buf_fini(&bytes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_known_by_their_names),
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(bytes_that_are_no_request_are_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}
