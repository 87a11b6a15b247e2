/* test_page_json: any bytes become a JSON string that holds nothing else. */
#include "testing.h"

#include "render/page_json.h"

static void becomes(const char *bytes, size_t len, const char *json)
{
	BUF_AUTO out = { 0 };

	page_json_text(&out, (struct view){ bytes, len });
	assert_view_equal(buf_view(&out), json);
}

static void quotes_and_controls_are_escaped(void **state)
{
	becomes("a\"b\\c\n\x7f", 7, "\"a\\\"b\\\\c\\u000a\\u007f\"");
	becomes("\0x", 2, "\"\\u0000x\"");
}

static void markup_cannot_begin(void **state)
{
	becomes("</script>", 9, "\"\\u003c/script>\"");
}

static void broken_utf8_becomes_the_replacement_character(void **state)
{
	becomes("\xc3\xa4\xff\xc3", 4, "\"\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_and_controls_are_escaped),
		cmocka_unit_test(markup_cannot_begin),
		cmocka_unit_test(broken_utf8_becomes_the_replacement_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
