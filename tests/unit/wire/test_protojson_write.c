/* test_protojson_write: what was read is written again, as protobuf says. */
#include "testing.h"

#include "wire/protojson.h"

static const struct protojson_message inner;
static const struct protojson_message outer;
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
	{ "top", 8, PROTOJSON_UINT64, false, false, NULL }, { 0 } } };

static void what_was_read_is_written(void **state)
{
	static const char text[] =
		"{\"bigNumber\":\"-5\",\"traceId\":\"000102030405060708090a0b0c0d0e0f\","
		"\"parts\":[{\"someText\":\"a\"},{},{\"deeper\":{\"isIt\":true}}],"
		"\"times\":[\"18446744073709551615\",\"0\"],\"ratio\":0,\"raw\":\"/"
		"w==\",\"top\":\"18446744073699065856\"}";
	BUF_AUTO bytes = { 0 };
	BUF_AUTO again = { 0 };

	assert_int_equal(protojson_read(&outer, VIEW(text), &bytes, NULL), 0);
	assert_int_equal(protojson_write(&outer, buf_view(&bytes), &again, NULL), 0);
	assert_view_equal(buf_view(&again), text);
}

static void broken_messages_are_refused(void **state)
{
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(protojson_write(&outer, VIEW("\x1a\x05x"), &out, &err), ERR_CORRUPT);
	assert_int_equal(protojson_write(&outer, VIEW("\x10\x05"), &out, &err), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_is_written),
		cmocka_unit_test(broken_messages_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
