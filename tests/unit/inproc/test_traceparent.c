/* test_traceparent: W3C's header, and what is none. */
#include "inproc/traceparent.h"
#include "testing.h"

#define GOOD "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static int parse(const char *text)
{
	struct traceparent ret;

	return traceparent_parse(view_of(text), &ret, NULL);
}

static void a_header_comes_back_as_it_was(void **state)
{
	struct traceparent t;
	char text[TRACEPARENT_LEN + 1];

	assert_int_equal(traceparent_parse(VIEW(GOOD), &t, NULL), 0);
	assert_int_equal(t.trace_id[0], 0x4b);
	assert_int_equal(t.span_id[7], 0xb7);
	assert_int_equal(t.flags, 1);
	traceparent_format(&t, text);
	assert_string_equal(text, GOOD);
}

static void later_versions_may_say_more(void **state)
{
	assert_int_equal(parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"), 0);
	assert_int_equal(
		parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"), ERR_CORRUPT);
	assert_int_equal(parse(GOOD "-more"), ERR_CORRUPT);
}

static void others_are_refused_and_leave_zeros(void **state)
{
	static const char *const bad[] = { "", "00",
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
		"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0" };
	struct traceparent t = { .flags = 1 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(traceparent_parse(view_of(bad[i]), &t, NULL), ERR_CORRUPT);
		assert_int_equal(t.flags | t.trace_id[0] | t.span_id[7], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_comes_back_as_it_was),
		cmocka_unit_test(later_versions_may_say_more),
		cmocka_unit_test(others_are_refused_and_leave_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
