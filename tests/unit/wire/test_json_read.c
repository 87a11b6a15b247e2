/* test_json_read: values come out as written, and every loop ends on nonsense. */
#include "testing.h"

#include "wire/json_read.h"

static void an_object_is_walked_and_the_rest_is_skipped(void **state)
{
	struct json_read r;
	struct view key, name = { 0 };
	double sum = 0, number;

	json_read_init(
		&r, VIEW("\xef\xbb\xbf { \"x\" : {\"y\":[1,{\"z\":[]}]}, \"name\":\"a\\u0062c\","
			 " \"list\":[1, -2.5e1 ,3] } "));
	json_read_object(&r);
	while (json_read_key(&r, &key)) {
		if (view_equal(key, VIEW("name"))) {
			json_read_text(&r, &name);
			assert_view_equal(name, "abc");
		} else if (view_equal(key, VIEW("list"))) {
			json_read_array(&r);
			while (json_read_item(&r) && json_read_number(&r, &number))
				sum += number;
		} else {
			json_read_skip(&r);
		}
	}
	assert_null(r.wrong);
	assert_int_equal(json_read_peek(&r), '\0');
	assert_int_equal(name.len, 3);
	assert_true(sum == -21);
	json_read_fini(&r);
}

static void escapes_become_utf8(void **state)
{
	struct json_read r;
	struct view text;

	json_read_init(&r, VIEW("\"\\n\\/\\u00e9\\ud83d\\ude00\\ud83dx\""));
	assert_true(json_read_text(&r, &text));
	assert_view_equal(text, "\n/\xc3\xa9\xf0\x9f\x98\x80\xef\xbf\xbdx");
	json_read_fini(&r);
}

static void refuses(const char *text, const char *wrong)
{
	struct json_read r;

	json_read_init(&r, view_of(text));
	json_read_skip(&r);
	if (!r.wrong || strcmp(r.wrong, wrong) != 0)
		fail_msg("%s: %s instead of %s", text, r.wrong ? r.wrong : "accepted", wrong);
	json_read_fini(&r);
}

static void nonsense_is_refused(void **state)
{
	refuses("", "not a number");
	refuses("[1 2]", "neither a comma nor a closing bracket");
	refuses("[1,", "an array is cut off");
	refuses("{\"a\" 1}", "no colon after a key");
	refuses("{1:2}", "not a text");
	refuses("\"a", "a text is cut off or has a control character");
	refuses("\"\\x\"", "an unknown escape");
	refuses("\"\\u12g4\"", "a broken \\u escape");
	refuses("[1.2.3]", "not a number");
	refuses("[}", "not a number");
	refuses("nul", "not a number");
}

static void deep_nesting_is_refused_without_recursion(void **state)
{
	struct json_read r;
	BUF_AUTO text = { 0 };

	for (int i = 0; i < 1000000; i++)
		buf_add_char(&text, '[');
	json_read_init(&r, buf_view(&text));
	assert_false(json_read_skip(&r));
	assert_string_equal(r.wrong, "brackets nest too deep");
	json_read_fini(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_walked_and_the_rest_is_skipped),
		cmocka_unit_test(escapes_become_utf8),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(deep_nesting_is_refused_without_recursion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
