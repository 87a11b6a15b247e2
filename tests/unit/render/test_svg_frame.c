/* test_svg_frame: a box for each frame, with what it stands for as its title. */
#include "testing.h"

#include "render/svg_frame.h"
#include "wire/utf8.h"

static void add(struct profile *p, struct view name, int64_t value)
{
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, name));

	profile_add(p, stack, 0, (int64_t[]){ value });
}

static struct profile *samples(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	return p;
}

static void draw(const struct profile *p, struct render_svg_options options, struct buf *out)
{
	struct svg_plan plan;

	assert_int_equal(svg_plan_init(&plan, p, &options, NULL), 0);
	svg_frame_add_all(&plan, out);
	assert_false(out->failed);
	svg_plan_fini(&plan);
}

static size_t count(const struct buf *out, const char *text)
{
	struct view rest = buf_view(out);
	size_t n = 0, len = strlen(text);

	for (const char *at; (at = memmem(rest.at, rest.len, text, len)); n++)
		rest = view_between(at + len, view_end(rest));
	return n;
}

static void a_frame_says_its_name_its_count_and_its_share(void **state)
{
	PROFILE_AUTO p = samples();
	BUF_AUTO out = { 0 };

	add(p, VIEW("work"), 3000);
	add(p, VIEW("rest"), 1000);
	draw(p, (struct render_svg_options){ 0 }, &out);
	assert_int_equal(count(&out, "<g "), 3);
	assert_int_equal(count(&out, "<title>all (4,000 samples, 100%)</title>"), 1);
	assert_int_equal(count(&out, "<title>work (3,000 samples, 75.00%)</title>"), 1);
	assert_int_equal(count(&out, "<g data-at=\"1000 3000\">"), 1);
	assert_int_equal(count(&out, ">work</text>"), 1);
}

static void a_label_that_does_not_fit_ends_in_dots(void **state)
{
	PROFILE_AUTO p = samples();
	BUF_AUTO out = { 0 };

	add(p, VIEW("a_name_too_long_for_its_box"), 1);
	draw(p, (struct render_svg_options){ .width = 100 }, &out);
	/* 80 px at 0.59 × 12 px a character: eleven. */
	assert_int_equal(count(&out, ">a_name_to..</text>"), 1);
}

static void words_of_strangers_are_no_markup(void **state)
{
	PROFILE_AUTO p = samples();
	BUF_AUTO out = { 0 };

	add(p, VIEW("</title><script>"), 1);
	draw(p, (struct render_svg_options){ .count_name = "<b>&\x1b" }, &out);
	assert_int_equal(count(&out, "<script"), 0);
	assert_int_equal(count(&out, "<b>"), 0);
	assert_int_equal(count(&out, "1 &lt;b&gt;&amp;\u241b"), 2);
}

static void a_long_name_is_never_cut_within_a_character(void **state)
{
	for (size_t before = 0; before < 3; before++) {
		PROFILE_AUTO p = samples();
		BUF_AUTO name = { 0 };
		BUF_AUTO out = { 0 };
		struct view rest;

		for (size_t i = 0; i < before; i++)
			buf_add_char(&name, 'x');
		while (name.len < 5000)
			buf_add_text(&name, "\u20ac");
		add(p, buf_view(&name), 1);
		draw(p, (struct render_svg_options){ 0 }, &out);
		assert_int_equal(count(&out, " (cut: the name has "), 1);
		for (rest = buf_view(&out); rest.len;) {
			size_t n = utf8_sequence(rest);

			assert_true(n > 0);
			rest = view_between(rest.at + n, view_end(rest));
		}
	}
}

static void nothing_is_drawn_of_nothing(void **state)
{
	PROFILE_AUTO p = samples();
	BUF_AUTO out = { 0 };

	draw(p, (struct render_svg_options){ 0 }, &out);
	assert_int_equal(out.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_says_its_name_its_count_and_its_share),
		cmocka_unit_test(a_label_that_does_not_fit_ends_in_dots),
		cmocka_unit_test(words_of_strangers_are_no_markup),
		cmocka_unit_test(a_long_name_is_never_cut_within_a_character),
		cmocka_unit_test(nothing_is_drawn_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
