/* test_render_term: the picture and the table on a terminal. */
#include "testing.h"

#include "model/profile.h"
#include "render/codepoint.h"
#include "render/render_term.h"

static void add(struct profile *p, const char *stack_text, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = true;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, &value);
}

static struct profile *service(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	add(p, "main;handle;regcomp", 500);
	add(p, "main;handle;serialize_response", 250);
	add(p, "main;idle", 250);
	return p;
}

static void the_root_is_on_top_and_widths_are_shares(void **state)
{
	PROFILE_AUTO p = service();
	struct render_term_options options = { .columns = 40 };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_term_flame(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "1,000 samples\n"
					  "|all                                    \n"
					  "|main                                   \n"
					  "|handle                       |idle     \n"
					  "|regcomp            |seriali..\n");
}

static void the_table_says_how_sure_it_is(void **state)
{
	PROFILE_AUTO p = service();
	struct render_term_options options = { .columns = 60, .rows_max = 2 };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_term_top(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "1,000 samples\n"
					  "      self    self   total   (95%)  function\n"
					  "       500    50 %    50 %  +- 3.1  regcomp\n"
					  "       250    25 %    25 %  +- 2.7  idle\n");
}

static void names_cannot_steer_the_terminal(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct render_term_options options = { .columns = 60, .utf8 = true };
	BUF_AUTO out = { 0 };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	add(p,
		"\x1b[31mred\x07\r\n\xe2\x80\xae"
		"evil\xc2\x9b"
		"5m\xff",
		1000);
	assert_int_equal(render_term_flame(p, &options, &out, NULL), 0);
	assert_int_equal(render_term_top(p, &options, &out, NULL), 0);
	for (size_t i = 0; i < out.len; i++)
		assert_true((unsigned char)out.at[i] >= ' ' || out.at[i] == '\n');
	assert_null(memmem(out.at, out.len, "\xe2\x80\xae", 3));
	assert_null(memmem(out.at, out.len, "\xc2\x9b", 2));
	assert_null(memchr(out.at, 0xff, out.len));
}

static void every_row_fits_the_width(void **state)
{
	PROFILE_AUTO p = service();
	BUF_AUTO out = { 0 };

	add(p, "main;\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97;x", 300);
	for (unsigned columns = 1; columns < 90; columns++) {
		struct render_term_options options = { .columns = columns, .utf8 = true };
		struct view rest, line;
		bool more = true;

		buf_clear(&out);
		assert_int_equal(render_term_flame(p, &options, &out, NULL), 0);
		rest = buf_view(&out);
		view_take(&rest, '\n', &more);
		while (more) {
			unsigned width = 0;

			line = view_take(&rest, '\n', &more);
			while (line.len)
				width += codepoint_columns(codepoint_take(&line));
			assert_true(width <= columns);
		}
	}
}

static void colours_come_only_when_asked_for(void **state)
{
	PROFILE_AUTO p = service();
	struct render_term_options options = { .columns = 40, .colours = true };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_term_flame(p, &options, &out, NULL), 0);
	assert_non_null(memmem(out.at, out.len, "\x1b[38;5;16;48;5;", 15));
}

static void a_tall_picture_says_what_is_left_out(void **state)
{
	PROFILE_AUTO p = service();
	struct render_term_options options = { .columns = 20, .rows_max = 1 };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_term_flame(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "1,000 samples\n|all                \n(3 more levels)\n");
}

static void an_unknown_type_is_named(void **state)
{
	PROFILE_AUTO p = service();
	struct render_term_options options = { .type = VIEW("moon") };
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(render_term_flame(p, &options, &out, &err), ERR_USAGE);
	assert_string_equal(err.text, "the profile has no sample type \"moon\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_root_is_on_top_and_widths_are_shares),
		cmocka_unit_test(the_table_says_how_sure_it_is),
		cmocka_unit_test(names_cannot_steer_the_terminal),
		cmocka_unit_test(every_row_fits_the_width),
		cmocka_unit_test(colours_come_only_when_asked_for),
		cmocka_unit_test(a_tall_picture_says_what_is_left_out),
		cmocka_unit_test(an_unknown_type_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
