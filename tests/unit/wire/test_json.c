/* test_json: what is written, byte by byte. */
#include "testing.h"

#include <math.h>

#include "wire/json.h"

static void values_and_commas(void **state)
{
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	json_object(&json);
	json_key(&json, "a");
	json_array(&json);
	json_i64(&json, INT64_MIN);
	json_u64(&json, UINT64_MAX);
	json_array(&json);
	json_array_end(&json);
	json_bool(&json, true);
	json_array_end(&json);
	json_key(&json, "b");
	json_object(&json);
	json_object_end(&json);
	json_key(&json, "c");
	json_text(&json, VIEW("x"));
	json_object_end(&json);
	assert_view_equal(buf_view(&out),
		"{\"a\":[-9223372036854775808,18446744073709551615,[],true],\"b\":{},\"c\":\"x\"}");
}

static void a_strangers_key_is_escaped(void **state)
{
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	json_object(&json);
	json_key_text(&json, VIEW("a\"b"));
	json_null(&json);
	json_key_text(&json, VIEW(""));
	json_i64(&json, 1);
	json_object_end(&json);
	assert_view_equal(buf_view(&out), "{\"a\\\"b\":null,\"\":1}");
}

static void writes(struct view text, const char *wanted)
{
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	json_text(&json, text);
	assert_view_equal(buf_view(&out), wanted);
}

static void text_is_escaped(void **state)
{
	writes(VIEW("plain \xc3\xa9"), "\"plain \xc3\xa9\"");
	writes(VIEW("a\"b\\c\n\t\x01"), "\"a\\\"b\\\\c\\n\\t\\u0001\"");
	writes(VIEW("\0"), "\"\\u0000\"");
}

static void text_cannot_leave_a_script_element(void **state)
{
	writes(VIEW("</script><!--"), "\"\\u003c/script>\\u003c!--\"");
	writes(VIEW("\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u2028\\u2029\"");
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
	writes(VIEW("a\xff"
		    "b\xe2\x82"),
		"\"a\xef\xbf\xbd"
		"b\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void doubles_are_short_and_exact(void **state)
{
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	json_array(&json);
	json_double(&json, 0.1);
	json_double(&json, 1e300);
	json_double(&json, 3);
	json_double(&json, NAN);
	json_double(&json, 0.1 + 0.2);
	json_array_end(&json);
	assert_view_equal(buf_view(&out), "[0.1,1e+300,3,null,0.30000000000000004]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_commas),
		cmocka_unit_test(a_strangers_key_is_escaped),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(text_cannot_leave_a_script_element),
		cmocka_unit_test(bytes_that_are_no_text_are_replaced),
		cmocka_unit_test(doubles_are_short_and_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
