/* test_buf: a limit holds, and a failure sticks. */
#include "testing.h"

#include "base/buf.h"

static void stays_as_it_was_past_its_limit(void **state)
{
	BUF_AUTO buf = { .max = 5 };

	buf_add_text(&buf, "abc");
	buf_add_text(&buf, "def");
	assert_true(buf.failed);
	buf_add_char(&buf, 'x');
	assert_view_equal(buf_view(&buf), "abc");
	buf_clear(&buf);
	buf_add_u64(&buf, 12345);
	assert_false(buf.failed);
	assert_view_equal(buf_view(&buf), "12345");
}

static void formats_what_is_longer_than_its_room(void **state)
{
	BUF_AUTO buf = { 0 };

	for (int i = 0; i < 1000; i++)
		buf_add_format(&buf, "%03d,", i);
	assert_int_equal(buf.len, 4000);
	assert_memory_equal(buf.at + 3996, "999,", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_as_it_was_past_its_limit),
		cmocka_unit_test(formats_what_is_longer_than_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
