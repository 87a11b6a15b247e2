/* test_strings: each text once, and it stays where it is. */
#include "testing.h"

#include <stdio.h>

#include "model/strings.h"

static void each_text_has_one_number(void **state)
{
	struct strings strings = { 0 };
	uint32_t first = strings_add(&strings, VIEW("main"));
	const char *at = strings_at(&strings, first).at;
	char text[16];

	assert_int_equal(strings_add(&strings, VIEW("")), 0);
	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "f%d", i);
		strings_add(&strings, view_of(text));
	}
	assert_int_equal(strings_add(&strings, VIEW("main")), first);
	assert_ptr_equal(strings_at(&strings, first).at, at);
	assert_view_equal(strings_at(&strings, strings_find(&strings, VIEW("f77"))), "f77");
	assert_int_equal(strings_find(&strings, VIEW("f10000")), STRINGS_NONE);
	assert_int_equal(strings.count, 10002);
	strings_fini(&strings);
}

static void texts_may_hold_nul_and_an_unknown_number_is_empty(void **state)
{
	struct strings strings = { 0 };
	uint32_t a = strings_add(&strings, (struct view){ "x\0y", 3 });

	assert_int_not_equal(a, strings_add(&strings, VIEW("x")));
	assert_int_equal(strings_at(&strings, a).len, 3);
	assert_int_equal(strings_at(&strings, 1000).len, 0);
	strings_fini(&strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_has_one_number),
		cmocka_unit_test(texts_may_hold_nul_and_an_unknown_number_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
