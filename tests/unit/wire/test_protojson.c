/* test_protojson: JSON in every form that protobuf allows becomes the same bytes. */
#include "testing.h"

#include "wire/protojson.h"

static const struct protojson_message inner;
static const struct protojson_message outer;
static const struct protojson_message colours = { (const struct protojson_field[]){
	{ .name = "NONE", 0 }, { .name = "RED", 1 }, { .name = "BLUE", 7 }, { 0 } } };
static const struct protojson_message inner = { (const struct protojson_field[]){
	{ "some_text", 1, PROTOJSON_TEXT, false, false, NULL },
	{ "deeper", 2, PROTOJSON_MESSAGE, false, false, &outer }, { 0 } } };
static const struct protojson_message outer = { (const struct protojson_field[]){
	{ "big_number", 1, PROTOJSON_INT64, false, false, NULL },
	{ "trace_id", 2, PROTOJSON_ID, false, false, NULL },
	{ "parts", 3, PROTOJSON_MESSAGE, true, false, &inner },
	{ "times", 4, PROTOJSON_FIXED64, true, false, NULL },
	{ "ratio", 5, PROTOJSON_DOUBLE, false, true, NULL },
	{ "is_it", 6, PROTOJSON_BOOL, false, false, NULL },
	{ "raw", 7, PROTOJSON_BYTES, false, false, NULL },
	{ "colour", 8, PROTOJSON_ENUM, false, true, &colours }, { 0 } } };

static struct buf bytes_of(const char *text)
{
	struct buf out = { 0 };
	struct err err = { 0 };

	if (protojson_read(&outer, view_of(text), &out, &err) < 0)
		fail_msg("%s", err.text);
	return out;
}

static void assert_same(const char *a, const char *b)
{
	struct buf x = bytes_of(a), y = bytes_of(b);

	assert_true(view_equal(buf_view(&x), buf_view(&y)));
	buf_fini(&x);
	buf_fini(&y);
}

static void names_and_numbers_come_in_two_forms(void **state)
{
	assert_same("{\"bigNumber\":\"-9223372036854775808\"}",
		"{\"big_number\":-9223372036854775808}");
	assert_same("{\"bigNumber\":\"9007199254740993\"}", "{\"bigNumber\":9007199254740993}");
	assert_same("{\"bigNumber\":1e3}", "{\"bigNumber\":1000}");
	assert_same("{\"traceId\":\"000102030405060708090a0b0c0d0e0f\"}",
		"{\"trace_id\":\"AAECAwQFBgcICQoLDA0ODw==\"}");
}

static void null_and_unknown_are_nothing(void **state)
{
	assert_same("{\"bigNumber\":null,\"other\":{\"a\":[1,{}]},\"parts\":null}", "{}");
}

static void enums_are_names_or_numbers(void **state)
{
	struct buf bytes = bytes_of("{\"colour\":\"BLUE\"}"), unknown = bytes_of("{\"colour\":9}");
	BUF_AUTO text = { 0 };

	assert_same("{\"colour\":\"BLUE\"}", "{\"colour\":7}");
	assert_same("{\"colour\":\"NONE\"}", "{\"colour\":0}");
	assert_int_equal(protojson_write(&outer, buf_view(&bytes), &text, NULL), 0);
	assert_int_equal(protojson_write(&outer, buf_view(&unknown), &text, NULL), 0);
	assert_view_equal(buf_view(&text), "{\"colour\":\"BLUE\"}{\"colour\":9}");
	buf_fini(&bytes);
	buf_fini(&unknown);
}

static void messages_nest(void **state)
{
	struct buf out =
		bytes_of("{\"parts\":[{\"someText\":\"a\"},{\"deeper\":{\"isIt\":true}}]}");

	assert_int_equal(out.len, 11);
	assert_memory_equal(out.at,
		"\x1a\x03\x0a\x01"
		"a\x1a\x04\x12\x02\x30\x01",
		11);
	buf_fini(&out);
}

static void what_is_wrong_is_said(void **state)
{
	static const char *const wrong[] = { "", "[]", "{", "{\"bigNumber\":1.5}",
		"{\"bigNumber\":\"x\"}", "{\"bigNumber\":\"99999999999999999999\"}", "{\"isIt\":1}",
		"{\"raw\":\"?\"}", "{\"parts\":{}}", "{\"parts\":[1]}", "{} x",
		"{\"times\":[1,\"\"]}", "{\"colour\":\"GREEN\"}", "{\"colour\":true}",
		"{\"ratio\":\"one\"}", "{\"bigNumber\":{}}" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		BUF_AUTO out = { 0 };
		struct err err = { 0 };

		assert_int_equal(
			protojson_read(&outer, view_of(wrong[i]), &out, &err), ERR_CORRUPT);
		assert_non_null(strstr(err.text, "at byte "));
	}
}

static void depth_has_a_limit(void **state)
{
	BUF_AUTO text = { 0 };
	BUF_AUTO out = { 0 };
	struct err err;

	for (size_t i = 0; i < 16; i++)
		buf_add_text(&text, "{\"parts\":[{\"deeper\":");
	buf_add_text(&text, "{}");
	assert_int_equal(protojson_read(&outer, buf_view(&text), &out, &err), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_come_in_two_forms),
		cmocka_unit_test(null_and_unknown_are_nothing),
		cmocka_unit_test(enums_are_names_or_numbers),
		cmocka_unit_test(messages_nest),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(depth_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
