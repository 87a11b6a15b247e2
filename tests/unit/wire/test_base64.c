/* test_base64: bytes survive, and nonsense is refused. */
#include "testing.h"

#include "wire/base64.h"

static void bytes_survive(void **state)
{
	for (size_t n = 0; n < 40; n++) {
		BUF_AUTO text = { 0 };
		BUF_AUTO back = { 0 };
		char bytes[40];

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)(i * 37 + n);
		base64_encode((struct view){ bytes, n }, &text);
		assert_int_equal(text.len, (n + 2) / 3 * 4);
		assert_true(base64_decode(buf_view(&text), &back));
		assert_true(view_equal(buf_view(&back), (struct view){ bytes, n }));
	}
}

static void known_texts_of_either_alphabet(void **state)
{
	BUF_AUTO out = { 0 };

	base64_encode(VIEW("fooba"), &out);
	assert_view_equal(buf_view(&out), "Zm9vYmE=");
	buf_clear(&out);
	assert_true(base64_decode(VIEW("Zm9vYmE"), &out));
	assert_view_equal(buf_view(&out), "fooba");
	buf_clear(&out);
	assert_true(base64_decode(VIEW("-_+/"), &out));
	assert_view_equal(buf_view(&out), "\xfb\xff\xbf");
}

static void nonsense_is_refused(void **state)
{
	BUF_AUTO out = { 0 };

	assert_false(base64_decode(VIEW("A"), &out));
	assert_false(base64_decode(VIEW("AA=A"), &out));
	assert_false(base64_decode(VIEW("A A="), &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_survive),
		cmocka_unit_test(known_texts_of_either_alphabet),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
