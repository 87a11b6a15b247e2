/* test_pattern: expressions match as people expect, and never take long. */
#include "testing.h"

#include "model/pattern.h"

static bool matches(const char *expression, struct view text)
{
	struct pattern *pattern;
	bool found;

	assert_int_equal(pattern_new(expression, &pattern, NULL), 0);
	found = pattern_matches(pattern, text);
	assert_int_equal(pattern_check(pattern, NULL), 0);
	pattern_free(pattern);
	return found;
}

static void a_match_may_be_anywhere_unless_anchored(void **state)
{
	assert_true(matches("comp", VIEW("regcomp_more")));
	assert_false(matches("^comp", VIEW("regcomp_more")));
	assert_false(matches("comp$", VIEW("regcomp_more")));
	assert_true(matches("^(a|b)+$", VIEW("abba")));
	assert_true(matches("(?i)MALLOC", VIEW("malloc")));
	assert_true(matches("^$", (struct view){ NULL, 0 }));
}

static void the_end_is_the_end_even_after_a_newline(void **state)
{
	assert_false(matches("a$", VIEW("a\n")));
}

static void bytes_that_are_no_text_are_searched_around(void **state)
{
	assert_true(matches("work", VIEW("\xff\xfe work \x80")));
	assert_true(matches("^m.t$", VIEW("m\u00fct")));
}

static void a_slip_is_named_with_its_place(void **state)
{
	struct pattern *pattern;
	struct err err;

	assert_int_equal(pattern_new("ab(c", &pattern, &err), ERR_USAGE);
	assert_null(pattern);
	assert_non_null(strstr(err.text, "'ab(c'"));
	assert_non_null(strstr(err.text, "at byte 5"));
}

static void a_long_expression_is_refused(void **state)
{
	static char text[PATTERN_BYTES_MAX + 2];
	struct pattern *pattern;
	struct err err;

	memset(text, 'a', sizeof(text) - 1);
	assert_int_equal(pattern_new(text, &pattern, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "4096"));
}

static void what_would_take_for_ever_gives_up_and_says_so(void **state)
{
	struct view name = VIEW("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	struct pattern *pattern;
	struct err err;

	assert_int_equal(pattern_new("^(a+)+$", &pattern, NULL), 0);
	assert_true(pattern_matches(pattern, VIEW("aaa")));
	assert_int_equal(pattern_check(pattern, &err), 0);
	assert_false(pattern_matches(pattern, name));
	assert_int_equal(pattern_check(pattern, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "'^(a+)+$'"));
	assert_false(pattern_matches(pattern, VIEW("aaa")));
	pattern_free(pattern);
}

static void a_group_that_was_not_there_cannot_be_recalled(void **state)
{
	struct pattern *pattern;

	assert_int_equal(pattern_new("(a)\\1", &pattern, NULL), ERR_USAGE);
	assert_int_equal(pattern_check(NULL, NULL), 0);
	pattern_free(NULL);
}

static void a_whole_match_gives_its_groups(void **state)
{
	BUF_AUTO out = { 0 };
	struct pattern *pattern;

	assert_int_equal(pattern_new_whole("(?P<host>[^:]+):(\\d+)?|x", &pattern, NULL), 0);
	assert_true(pattern_matches(pattern, VIEW("a.b:80")));
	assert_false(pattern_matches(pattern, VIEW("a.b:80/")));
	assert_false(pattern_matches(pattern, VIEW("a.b:80\n")));
	assert_false(pattern_matches(pattern, VIEW("xx")));
	assert_true(pattern_expand(pattern, VIEW("a.b:80"), "$2-${host}-$$-$9", &out));
	assert_view_equal(buf_view(&out), "80-a.b-$-");
	assert_true(pattern_expand(pattern, VIEW("a:"), "[$2]", &out));
	assert_view_equal(buf_view(&out), "80-a.b-$-[]");
	assert_false(pattern_expand(pattern, VIEW("a"), "gone", &out));
	assert_view_equal(buf_view(&out), "80-a.b-$-[]");
	pattern_free(pattern);
}

static void an_expansion_may_be_long(void **state)
{
	BUF_AUTO out = { 0 };
	char text[1000];
	struct pattern *pattern;

	memset(text, 'a', sizeof(text));
	assert_int_equal(pattern_new_whole("(.*)", &pattern, NULL), 0);
	assert_true(pattern_expand(pattern, (struct view){ text, sizeof(text) }, "$1$1", &out));
	assert_int_equal(out.len, 2 * sizeof(text));
	pattern_free(pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_match_may_be_anywhere_unless_anchored),
		cmocka_unit_test(the_end_is_the_end_even_after_a_newline),
		cmocka_unit_test(bytes_that_are_no_text_are_searched_around),
		cmocka_unit_test(a_slip_is_named_with_its_place),
		cmocka_unit_test(a_long_expression_is_refused),
		cmocka_unit_test(what_would_take_for_ever_gives_up_and_says_so),
		cmocka_unit_test(a_whole_match_gives_its_groups),
		cmocka_unit_test(an_expansion_may_be_long),
		cmocka_unit_test(a_group_that_was_not_there_cannot_be_recalled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
