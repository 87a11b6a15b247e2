/* test_codepoint: names taken apart and made inert. */
#include "testing.h"

#include "render/codepoint.h"

static void assert_inert(const char *name, const char *wanted)
{
	BUF_AUTO out = { 0 };

	codepoint_add_inert(&out, view_of(name));
	assert_view_equal(buf_view(&out), wanted);
}

static void ordinary_text_stays_as_it_is(void **state)
{
	assert_inert("operator<< <int>", "operator<< <int>");
	assert_inert("gr\u00f6\u00dfe \u6f22\u5b57 \U0001f600",
		"gr\u00f6\u00dfe \u6f22\u5b57 \U0001f600");
	assert_inert("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"); /* joins letters */
}

static void what_acts_is_shown_instead(void **state)
{
	assert_inert("a\x1b[31mb\n\t\x7f", "a\u241b[31mb\u240a\u2409\u2421");
	assert_inert("x\u202ey\u2066z\u200b", "x<U+202E>y<U+2066>z<U+200B>");
	assert_inert("\xc2\x9bm", "<U+009B>m");
	assert_inert("\xff\xc0\x80", "\ufffd\ufffd\ufffd");
}

static void the_last_character_is_found_from_behind(void **state)
{
	struct view text = view_of("a\u6f22\xff");

	assert_int_equal(codepoint_take_last(&text), 0xfffd);
	assert_int_equal(codepoint_take_last(&text), 0x6f22);
	assert_int_equal(codepoint_take_last(&text), 'a');
	assert_int_equal(text.len, 0);
}

static void characters_are_counted_not_bytes(void **state)
{
	assert_int_equal(codepoint_count(view_of("a\u00e9\u6f22\U0001f600")), 4);
}

static void terminals_give_wide_characters_two_columns(void **state)
{
	assert_int_equal(codepoint_columns('a'), 1);
	assert_int_equal(codepoint_columns(0x6f22), 2);
	assert_int_equal(codepoint_columns(0x301), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_text_stays_as_it_is),
		cmocka_unit_test(what_acts_is_shown_instead),
		cmocka_unit_test(the_last_character_is_found_from_behind),
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(terminals_give_wide_characters_two_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
