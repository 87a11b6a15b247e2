/* test_utf8: what is a sequence and what is not, at the borders of each length. */
#include "testing.h"

#include "wire/utf8.h"

static void well_formed_sequences_have_their_length(void **state)
{
	assert_int_equal(utf8_sequence(VIEW("a")), 1);
	assert_int_equal(utf8_sequence(VIEW("\xc3\xa9")), 2);
	assert_int_equal(utf8_sequence(VIEW("\xe2\x82\xac")), 3);
	assert_int_equal(utf8_sequence(VIEW("\xf0\x9f\x98\x80")), 4);
}

static void overlong_surrogate_huge_and_cut_sequences_are_none(void **state)
{
	assert_int_equal(utf8_sequence(VIEW("\xc0\xaf")), 0);
	assert_int_equal(utf8_sequence(VIEW("\xe0\x80\xaf")), 0);
	assert_int_equal(utf8_sequence(VIEW("\xed\xa0\x80")), 0);
	assert_int_equal(utf8_sequence(VIEW("\xf4\x90\x80\x80")), 0);
	assert_int_equal(utf8_sequence(VIEW("\xe2\x82")), 0);
	assert_int_equal(utf8_sequence(VIEW("\x80")), 0);
	assert_int_equal(utf8_sequence(VIEW("")), 0);
}

static void every_code_point_written_is_a_sequence(void **state)
{
	for (uint32_t c = 1; c < 0x120000; c += 97) {
		BUF_AUTO out = { 0 };
		bool valid = c <= 0x10ffff && (c < 0xd800 || c >= 0xe000);

		utf8_put(&out, c);
		assert_int_equal(utf8_sequence(buf_view(&out)), out.len);
		assert_int_equal(
			view_equal(buf_view(&out), VIEW(UTF8_REPLACEMENT)), !valid || c == 0xfffd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_sequences_have_their_length),
		cmocka_unit_test(overlong_surrogate_huge_and_cut_sequences_are_none),
		cmocka_unit_test(every_code_point_written_is_a_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
