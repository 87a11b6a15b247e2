/* test_proto: the wire format against bytes made by hand. */
#include "testing.h"

#include "wire/proto.h"

static void numbers_survive(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 127, 128, 16383, 16384, 1ULL << 63, UINT64_MAX };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		BUF_AUTO out = { 0 };
		struct proto_field field;
		struct proto in;

		proto_put_number(&out, 5, numbers[i]);
		in = proto_of(buf_view(&out));
		assert_true(proto_next(&in, &field));
		assert_int_equal(field.id, 5);
		assert_int_equal(field.wire, PROTO_VARINT);
		assert_true(field.number == numbers[i]);
		assert_false(proto_next(&in, &field));
		assert_null(in.wrong);
	}
}

static void a_message_inside_gets_its_length_at_any_size(void **state)
{
	static const size_t sizes[] = { 0, 1, 127, 128, 129, 16383, 16384, 70000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		BUF_AUTO out = { 0 };
		struct proto_field field;
		struct proto in;
		size_t begun;

		begun = proto_begin(&out, 3);
		for (size_t n = 0; n < sizes[i]; n++)
			buf_add_char(&out, (char)n);
		proto_end(&out, begun);
		proto_put_number(&out, 4, 9);
		in = proto_of(buf_view(&out));
		assert_true(proto_next(&in, &field));
		assert_int_equal(field.bytes.len, sizes[i]);
		for (size_t n = 0; n < sizes[i]; n++)
			assert_int_equal(field.bytes.at[n], (char)n);
		assert_true(proto_next(&in, &field));
		assert_int_equal(field.number, 9);
	}
}

static void fixed_numbers_are_read(void **state)
{
	struct proto in =
		proto_of(VIEW("\x09\x01\x02\x03\x04\x05\x06\x07\x08\x15\x01\x02\x03\x04"));
	struct proto_field field;

	assert_true(proto_next(&in, &field));
	assert_true(field.number == 0x0807060504030201);
	assert_true(proto_next(&in, &field));
	assert_true(field.number == 0x04030201);
}

static void stops_at(struct view bytes, size_t at, const char *wrong)
{
	struct proto in = proto_of(bytes);
	struct proto_field field;

	while (proto_next(&in, &field))
		;
	assert_string_equal(in.wrong, wrong);
	assert_int_equal((const char *)in.at - bytes.at, at);
}

static void nonsense_stops_the_reader_where_it_is(void **state)
{
	stops_at(VIEW("\x08\x01\x08\x80"), 3, "a number is cut off");
	stops_at(VIEW("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 1,
		"a number has more than 10 bytes");
	stops_at(VIEW("\x0a\x03"
		      "ab"),
		2, "a length runs past the end");
	stops_at(VIEW("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 11,
		"a length runs past the end");
	stops_at(VIEW("\x0b\x0c"), 1, "an unknown wire type");
	stops_at(VIEW("\x0d\x01"), 1, "a number is cut off");
}

static void strings_are_utf8(void **state)
{
	BUF_AUTO out = { 0 };

	proto_put_text(&out, 1, VIEW("caf\xc3\xa9"));
	proto_put_text(&out, 2,
		VIEW("\xff"
		     "a\xc3"));
	proto_put_text(&out, 3, VIEW(""));
	assert_int_equal(out.len, 18);
	assert_memory_equal(out.at,
		"\x0a\x05"
		"caf\xc3\xa9"
		"\x12\x07\xef\xbf\xbd"
		"a\xef\xbf\xbd\x1a\0",
		18);
}

static void doubles_are_eight_bytes(void **state)
{
	BUF_AUTO out = { 0 };

	proto_put_double(&out, 1, 1.5);
	assert_int_equal(out.len, 9);
	assert_memory_equal(out.at, "\x09\0\0\0\0\0\0\xf8\x3f", 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_survive),
		cmocka_unit_test(a_message_inside_gets_its_length_at_any_size),
		cmocka_unit_test(fixed_numbers_are_read),
		cmocka_unit_test(nonsense_stops_the_reader_where_it_is),
		cmocka_unit_test(strings_are_utf8),
		cmocka_unit_test(doubles_are_eight_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
