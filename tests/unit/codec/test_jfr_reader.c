/* test_jfr_reader: numbers and texts, and what is wrong with them. */
#include "testing.h"

#include "codec/jfr_reader.h"

static struct jfr_reader over(const char *bytes, size_t len)
{
	return (struct jfr_reader){
		.at = (const uint8_t *)bytes, .end = (const uint8_t *)bytes + len, .steps = 1000
	};
}

static void numbers_end_with_a_low_byte_or_the_ninth(void **state)
{
	struct jfr_reader in = over("\x7f\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);
	uint64_t number;

	assert_true(jfr_reader_number(&in, 8, &number));
	assert_int_equal(number, 0x7f);
	assert_true(jfr_reader_number(&in, 8, &number));
	assert_int_equal(number, 0x80);
	assert_true(jfr_reader_number(&in, 8, &number));
	assert_true(number == UINT64_MAX);
	assert_ptr_equal(in.at, in.end);
	assert_false(jfr_reader_number(&in, 8, &number));
	assert_non_null(in.wrong);
}

static void numbers_may_have_all_their_bytes(void **state)
{
	struct jfr_reader in = over("\0\1\2\3\4", 5);
	uint64_t number;

	in.is_fixed = true;
	assert_true(jfr_reader_number(&in, 4, &number));
	assert_int_equal(number, 0x10203);
	assert_false(jfr_reader_number(&in, 2, &number));
}

static void texts_are_utf8_whatever_they_were(void **state)
{
	struct jfr_reader in = over("\0\1\3\3abc\5\2\xe9!\4\3\x41\xe9\1\xac\xc1\2\2\7\6", 21);
	static const char *const wanted[] = { "", "", "abc", "\xc3\xa9!", "A\xc3\xa9\xe2\x82\xac" };
	ARENA_AUTO arena = { 0 };
	struct jfr_text text;

	in.end = in.at + 16;
	for (size_t i = 0; i < 4; i++) {
		assert_true(jfr_reader_text(&in, &arena, &text));
		assert_false(text.is_pooled);
		assert_view_equal(text.text, wanted[i]);
	}
	in = over("\4\3\x41\xe9\1\xac\x41", 7);
	assert_true(jfr_reader_text(&in, &arena, &text));
	assert_view_equal(text.text, "A\xc3\xa9\xe2\x82\xac");
	in = over("\2\7", 2);
	assert_true(jfr_reader_text(&in, &arena, &text));
	assert_true(text.is_pooled);
	assert_int_equal(text.number, 7);
}

static void what_is_too_long_is_no_text(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct jfr_text text;
	struct jfr_reader in = over("\3\4abc", 5);

	assert_false(jfr_reader_text(&in, &arena, &text));
	in = over("\4\xff\xff\xff\x7f", 5);
	assert_false(jfr_reader_text(&in, &arena, &text));
	in = over("\6", 1);
	assert_false(jfr_reader_text(&in, &arena, &text));
	in = over("\5\2\xe9!", 4);
	in.steps = 3;
	assert_false(jfr_reader_text(&in, &arena, &text));
	in.wrong = NULL;
	in.steps = 0;
	assert_false(jfr_reader_step(&in));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_with_a_low_byte_or_the_ninth),
		cmocka_unit_test(numbers_may_have_all_their_bytes),
		cmocka_unit_test(texts_are_utf8_whatever_they_were),
		cmocka_unit_test(what_is_too_long_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
