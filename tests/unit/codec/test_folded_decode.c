/* test_folded_decode: each rule of a line, and the sentence for each broken one. */
#include "sample_profile.h"

#include "codec/folded_format.h"

static struct profile *read_text(const char *text)
{
	struct profile *p = profile_new();
	struct err err = { 0 };

	if (folded_decode(view_of(text), p, &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

/* The text as it is written again. */
static void means(const char *text, const char *wanted)
{
	PROFILE_AUTO p = read_text(text);
	BUF_AUTO out = { 0 };

	assert_int_equal(folded_encode(p, &out, NULL), 0);
	assert_view_equal(buf_view(&out), wanted);
}

static void equal_stacks_are_summed(void **state)
{
	PROFILE_AUTO p = read_text("main;work 3\nmain;wait 4\nmain;work 2\n");

	assert_int_equal(p->n_samples, 2);
	assert_int_equal(profile_total(p, 0), 9);
	assert_int_equal(p->stacks.count, 4);
	assert_view_equal(profile_text(p, p->types[0].type), "samples");
}

static void names_may_hold_spaces_and_numbers(void **state)
{
	means("a b;operator new(unsigned long) 3\n", "a b;operator new(unsigned long) 3\n");
	means("a;b 12 3\na;b 4\n", "a;b 4\na;b_12 3\n");
	means("a;b_[k] 3", "a;b_[k] 3\n");
	means("a;b  3", "a;b  3\n");
}

static void line_ends_and_blank_lines_do_not_matter(void **state)
{
	means("\xef\xbb\xbf"
	      "a;b 3\r\n\r\n\na 1\r\n",
		"a 1\na;b 3\n");
	means("", "");
}

static void empty_frames_count_within_and_not_at_the_leaf(void **state)
{
	means("a;;b 3\n", "a;;b 3\n");
	means("a;b;; 3\n", "a;b 3\n");
	means(";a 2\n 3\n", " 3\n;a 2\n");
}

static void a_shared_prefix_is_shared_by_frames_not_letters(void **state)
{
	means("a;bc;d 1\na;b;d 2\na;bcd 3\na;bc 4\na;bc;d;e 5\na;bc;d 6\n",
		"a;b;d 2\na;bc 4\na;bc;d 7\na;bc;d;e 5\na;bcd 3\n");
}

static void two_counts_on_every_line_are_a_comparison(void **state)
{
	PROFILE_AUTO p = read_text("main;work 3 4\nmain;gone 5 0\n");

	assert_int_equal(p->n_types, 2);
	assert_int_equal(profile_total(p, profile_find_type(p, VIEW("base"))), 8);
	assert_int_equal(profile_total(p, profile_find_type(p, VIEW("new"))), 4);
	means("main;work 3 4\nmain;gone 5 0\n", "main;gone 5 0\nmain;work 3 4\n");
}

static void decimals_are_kept_and_the_unit_says_so(void **state)
{
	PROFILE_AUTO p = read_text("a 0.25\nb 3\n");

	assert_int_equal(profile_total(p, 0), 3250);
	assert_view_equal(profile_text(p, p->types[0].unit), "thousandths");
	means("a 0.25\nb 3.\nc 1.500\n", "a 0.25\nb 3\nc 1.5\n");
	means("a 0.00000000149\nb 0.0000000015\n", "a 0.000000001\nb 0.000000002\n");
}

static void refuses(struct view text, int code, const char *sentence)
{
	PROFILE_AUTO p = profile_new();
	struct err err = { 0 };

	assert_int_equal(folded_decode(text, p, &err), code);
	assert_string_equal(err.text, sentence);
}

static void a_line_that_makes_no_sense_is_named(void **state)
{
	refuses(VIEW("main 1\n\nmain;work\n"), ERR_CORRUPT,
		"line 3: no count at the end of the line");
	refuses(VIEW("main -1\n"), ERR_CORRUPT, "line 1: no count at the end of the line");
	refuses(VIEW("main 1e5\n"), ERR_CORRUPT, "line 1: no count at the end of the line");
	refuses(VIEW("main 1.2.3\n"), ERR_CORRUPT, "line 1: no count at the end of the line");
	refuses(VIEW("12\n"), ERR_CORRUPT, "line 1: no count at the end of the line");
	refuses(VIEW("a 1\nmain 9223372036854775808\n"), ERR_LIMIT,
		"line 2: the count 9223372036854775808 is too large");
}

static void what_is_not_utf8_text_is_refused(void **state)
{
	refuses(VIEW("\xff\xfe"
		     "a\0"),
		ERR_UNSUPPORTED, "the text is UTF-16; convert it: iconv -f UTF-16 -t UTF-8");
	refuses(VIEW("a\0 1"), ERR_CORRUPT, "at byte 1: a zero byte; this is not text");
}

static void a_bottomless_stack_is_refused(void **state)
{
	BUF_AUTO text = { 0 };

	for (size_t i = 0; i <= FOLDED_DEPTH_MAX; i++)
		buf_add_text(&text, "a;");
	buf_add_text(&text, "b 1");
	refuses(buf_view(&text), ERR_LIMIT, "line 1: more than 65536 frames");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_are_summed),
		cmocka_unit_test(names_may_hold_spaces_and_numbers),
		cmocka_unit_test(line_ends_and_blank_lines_do_not_matter),
		cmocka_unit_test(empty_frames_count_within_and_not_at_the_leaf),
		cmocka_unit_test(a_shared_prefix_is_shared_by_frames_not_letters),
		cmocka_unit_test(two_counts_on_every_line_are_a_comparison),
		cmocka_unit_test(decimals_are_kept_and_the_unit_says_so),
		cmocka_unit_test(a_line_that_makes_no_sense_is_named),
		cmocka_unit_test(what_is_not_utf8_text_is_refused),
		cmocka_unit_test(a_bottomless_stack_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
