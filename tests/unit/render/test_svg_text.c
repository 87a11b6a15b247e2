/* test_svg_text: no name can be markup. */
#include "testing.h"

#include "render/svg_text.h"

static void markup_is_escaped(void **state)
{
	BUF_AUTO out = { 0 };

	svg_text_add(&out, VIEW("a<b> && \"c\" 'd'"));
	assert_view_equal(buf_view(&out), "a&lt;b&gt; &amp;&amp; &quot;c&quot; 'd'");
}

static void what_strangers_wrote_is_inert_and_escaped(void **state)
{
	BUF_AUTO out = { 0 };

	svg_text_add_foreign(&out, VIEW("\x1b[31m<"));
	svg_text_add_foreign(&out, VIEW("\xff"));
	assert_view_equal(buf_view(&out), "\u241b[31m&lt;\ufffd");
}

static void a_full_buffer_says_so(void **state)
{
	BUF_AUTO out = { .max = 8 };

	svg_text_add_foreign(&out, VIEW("123456789"));
	assert_true(out.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(what_strangers_wrote_is_inert_and_escaped),
		cmocka_unit_test(a_full_buffer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
