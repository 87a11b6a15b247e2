/* test_render_svg: the file is valid, inert and honest; where frames lie, svg_geometry proves. */
#include "testing.h"

#include <stdlib.h>

#include "render/render_svg.h"
#include "wire/utf8.h"

static void add(struct profile *p, const char *stack_text, int64_t base, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	int64_t values[2] = { p->n_types == 2 ? base : value, value };
	bool more = true;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, values);
}

static struct profile *samples(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	return p;
}

static struct profile *comparison(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	return p;
}

static void draw(const struct profile *p, const struct render_svg_options *options, struct buf *out)
{
	struct err err = { 0 };

	buf_clear(out);
	if (render_svg(p, options, out, &err) < 0)
		fail_msg("%s", err.text);
	buf_add_char(out, 0);
	out->len--;
}

static bool has(const struct buf *out, const char *text)
{
	return memmem(out->at, out->len, text, strlen(text));
}

/* XML 1.0, as far as it can go wrong here: characters, entities, balanced elements. */
static void check_xml(const struct buf *out)
{
	struct view rest = buf_view(out);
	const char *script = strstr(out->at, "<script>");
	size_t open = 0, closed = 0;

	while (rest.len) {
		size_t n = utf8_sequence(rest);
		unsigned char c = (unsigned char)*rest.at;

		assert_true(n > 0);
		assert_true(c >= ' ' || c == '\n' || c == '\t');
		assert_false(n == 3 && memcmp(rest.at, "\xef\xbf\xbe", 3) == 0);
		assert_false(n == 3 && memcmp(rest.at, "\xef\xbf\xbf", 3) == 0);
		if (rest.at < script && c == '&')
			assert_true(view_starts(rest, VIEW("&amp;")) ||
				    view_starts(rest, VIEW("&lt;")) ||
				    view_starts(rest, VIEW("&gt;")) ||
				    view_starts(rest, VIEW("&quot;")));
		open += rest.at < script && view_starts(rest, VIEW("<g"));
		closed += rest.at < script && view_starts(rest, VIEW("</g>"));
		rest = view_between(rest.at + n, view_end(rest));
	}
	assert_int_equal(open, closed);
	assert_true(view_ends(buf_view(out), VIEW("]]></script>\n</svg>\n")));
}

static void names_are_text_whatever_they_hold(void **state)
{
	PROFILE_AUTO p = samples();
	struct render_svg_options options = { .width = 20000,
		.title = "<script>alert(1)</script>",
		.notes = "-->]]>",
		.count_name = "\"&",
		.font_type = "x</style><script>" };
	BUF_AUTO out = { 0 };

	add(p, "<script>alert(1)</script>", 0, 1);
	add(p, "]]></script><script>alert(1)//", 0, 1);
	add(p, "\" onload=\"alert(1)", 0, 1);
	add(p, "\x01\x1b[31m\x7f\xff\xfe\xc0\x80\xed\xa0\x80", 0, 1);
	add(p,
		"\xe2\x80\xae"
		"drow\xe2\x81\xa6\xef\xbf\xbf\xef\xbf\xbe\xc2\x9b",
		0, 1);
	draw(p, &options, &out);
	check_xml(&out);
	assert_false(has(&out, "<script>alert"));
	assert_false(has(&out, "\xe2\x80\xae"));
	assert_true(has(&out, "&lt;U+202E&gt;drow"));
	assert_true(has(&out, "\xe2\x90\x9b[31m"));
}

static void a_name_of_a_megabyte_is_cut_and_says_so(void **state)
{
	PROFILE_AUTO p = samples();
	struct render_svg_options options = { 0 };
	BUF_AUTO out = { 0 };
	char *name = malloc((1 << 20) + 1);

	memset(name, 'x', 1 << 20);
	name[1 << 20] = 0;
	add(p, name, 0, 1);
	draw(p, &options, &out);
	assert_true(out.len < 40000);
	assert_true(has(&out, "(cut: the name has 1048576 bytes)"));
	check_xml(&out);
	free(name);
}

static void very_deep_stacks_are_drawn_down_to_a_limit(void **state)
{
	PROFILE_AUTO p = samples();
	struct render_svg_options options = { .min_percent = 100 };
	uint32_t stack = STACK_EMPTY, f = profile_named(p, VIEW("f"));
	BUF_AUTO out = { 0 };

	for (int i = 0; i < 500000; i++)
		stack = profile_push(p, stack, f);
	profile_add(p, stack, 0, (int64_t[]){ 1 });
	draw(p, &options, &out);
	assert_true(has(&out, "height=\"1048646\""));
}

static void the_truth_line_is_in_the_picture(void **state)
{
	PROFILE_AUTO p = samples();
	struct render_svg_options options = { 0 };
	BUF_AUTO out = { 0 };

	add(p, "main", 0, 14);
	draw(p, &options, &out);
	assert_true(has(&out, "<desc>14 samples. Only 14 samples: a share of 50 % is really"));
	assert_true(has(&out, ">14 samples</text>"));
}

static void a_comparison_loses_no_frame_beside_vanished_ones(void **state)
{
	PROFILE_AUTO p = comparison();
	struct render_svg_options options = { 0 };
	BUF_AUTO out = { 0 };

	/* Frames of one name, depth and end: a map keyed by these would overwrite the first. */
	add(p, "main;a;work", 50, 10);
	add(p, "main;b;work", 50, 0);
	add(p, "main;c", 0, 90);
	draw(p, &options, &out);
	assert_true(has(&out, "<title>work (10 samples, 10.00%; -40.00%)</title>"));
	assert_true(has(&out, "<title>a (10 samples, 10.00%; 0.00%)</title>"));
	assert_true(has(&out, "<title>c (90 samples, 90.00%; +90.00%)</title>"));
}

static void an_empty_profile_is_a_valid_picture(void **state)
{
	PROFILE_AUTO p = samples();
	struct render_svg_options options = { 0 };
	BUF_AUTO out = { 0 };

	draw(p, &options, &out);
	check_xml(&out);
	assert_true(has(&out, "No samples: nothing that was watched"));
}

static void assert_refused(struct render_svg_options options, const char *sentence)
{
	PROFILE_AUTO p = samples();
	BUF_AUTO out = { 0 };
	struct err err;

	add(p, "main", 0, 1);
	assert_int_equal(render_svg(p, &options, &out, &err), ERR_USAGE);
	assert_string_equal(err.text, sentence);
}

static void options_that_make_no_sense_are_refused_in_words(void **state)
{
	assert_refused((struct render_svg_options){ .type = VIEW("moon") },
		"the profile has no sample type \"moon\"");
	assert_refused((struct render_svg_options){ .colours = "plaid" },
		"colours plaid: choose one of hot, mem, io, wakeup, chain, java, js, perl, red,"
		" green, blue, aqua, yellow, purple, orange");
	assert_refused((struct render_svg_options){ .background = "#12345g" },
		"background #12345g: expected #rrggbb");
	assert_refused((struct render_svg_options){ .width = 5 },
		"a picture 5 px wide with frames 16 px high and letters of 12 px cannot be drawn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_text_whatever_they_hold),
		cmocka_unit_test(a_name_of_a_megabyte_is_cut_and_says_so),
		cmocka_unit_test(very_deep_stacks_are_drawn_down_to_a_limit),
		cmocka_unit_test(the_truth_line_is_in_the_picture),
		cmocka_unit_test(a_comparison_loses_no_frame_beside_vanished_ones),
		cmocka_unit_test(an_empty_profile_is_a_valid_picture),
		cmocka_unit_test(options_that_make_no_sense_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
