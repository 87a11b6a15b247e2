/* test_base64: the examples of RFC 4648, and what is none. */
#include "testing.h"

#include "wire/base64.h"

static void is(const char *text, const char *bytes)
{
	BUF_AUTO out = { 0 };

	assert_true(base64_decode(view_of(text), &out));
	assert_view_equal(buf_view(&out), bytes);
}

static void isnt(const char *text)
{
	BUF_AUTO out = { 0 };

	assert_false(base64_decode(view_of(text), &out));
}

static void text_becomes_bytes(void **state)
{
	is("", "");
	is("Zg==", "f");
	is("Zm8=", "fo");
	is("Zm9v", "foo");
	is("Zm9vYmFy", "foobar");
}

static void padding_and_the_alphabet_for_urls_are_free(void **state)
{
	is("Zg", "f");
	is("Zm8", "fo");
	is("-_-_", "\xfb\xff\xbf");
	is("+/+/", "\xfb\xff\xbf");
}

static void the_rest_is_refused(void **state)
{
	isnt("Z");
	isnt("Zm9v!");
	isnt("Zg=");
	isnt("Zh==");
	isnt("Zm 9v");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_bytes),
		cmocka_unit_test(padding_and_the_alphabet_for_urls_are_free),
		cmocka_unit_test(the_rest_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
