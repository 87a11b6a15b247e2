/* test_view: cutting and reading numbers. */
#include "testing.h"

#include "base/view.h"

static void a_trailing_mark_leaves_an_empty_part(void **state)
{
	struct view rest = VIEW("a\n");
	bool more;

	assert_view_equal(view_take(&rest, '\n', &more), "a");
	assert_true(more);
	assert_view_equal(view_take(&rest, '\n', &more), "");
	assert_false(more);
}

static void numbers_stop_at_the_largest(void **state)
{
	uint64_t number;

	assert_true(view_to_u64(VIEW("18446744073709551615"), &number));
	assert_true(number == UINT64_MAX);
	assert_false(view_to_u64(VIEW("18446744073709551616"), &number));
	assert_false(view_to_u64(VIEW(""), &number));
	assert_false(view_to_u64(VIEW("-1"), &number));
	assert_true(view_hex_to_u64(VIEW("ffffffffffffffff"), &number));
	assert_false(view_hex_to_u64(VIEW("10000000000000000"), &number));
}

static void a_prefix_comes_first(void **state)
{
	assert_true(view_compare(VIEW("a"), VIEW("ab")) < 0);
	assert_true(view_compare(VIEW("\xc3\xa9"), VIEW("z")) > 0);
	assert_int_equal(view_compare(VIEW(""), VIEW("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trailing_mark_leaves_an_empty_part),
		cmocka_unit_test(numbers_stop_at_the_largest),
		cmocka_unit_test(a_prefix_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
