/* test_matcher: conditions hold as PromQL's do. */
#include "testing.h"

#include "store/matcher.h"

static bool holds(enum matcher_op op, const char *expression, const char *value)
{
	struct matcher matcher = { .name = VIEW("pod"), .value = view_of(expression), .op = op };
	bool held;

	assert_int_equal(matcher_init(&matcher, NULL), 0);
	held = matcher_holds(&matcher, view_of(value));
	assert_int_equal(matcher_check(&matcher, NULL), 0);
	matcher_fini(&matcher);
	return held;
}

static void equality_is_of_all_bytes(void **state)
{
	assert_true(holds(MATCHER_IS, "a", "a"));
	assert_false(holds(MATCHER_IS, "a", "ab"));
	assert_true(holds(MATCHER_IS_NOT, "a", "b"));
	assert_true(holds(MATCHER_IS, "", ""));
}

static void expressions_are_anchored_at_both_ends(void **state)
{
	assert_true(holds(MATCHER_LIKE, "a|b", "b"));
	assert_false(holds(MATCHER_LIKE, "a|b", "ab"));
	assert_false(holds(MATCHER_LIKE, "pod", "pod-1"));
	assert_true(holds(MATCHER_LIKE, "pod-.*", "pod-1"));
	assert_true(holds(MATCHER_NOT_LIKE, "pod-.*", "host"));
	assert_true(holds(MATCHER_LIKE, ".*", ""));
	assert_false(holds(MATCHER_LIKE, ".+", ""));
}

static void a_slip_names_the_label(void **state)
{
	static const char *const slips[] = { "(", "a)(b", "[", "*" };
	struct err err;

	for (size_t i = 0; i < 4; i++) {
		struct matcher matcher = {
			.name = VIEW("pod"), .value = view_of(slips[i]), .op = MATCHER_LIKE
		};

		assert_int_equal(matcher_init(&matcher, &err), ERR_USAGE);
		assert_non_null(strstr(err.text, "label pod: "));
		assert_non_null(strstr(err.text, slips[i]));
		matcher_fini(&matcher);
	}
}

static void an_expression_without_end_gives_up_and_says_so(void **state)
{
	char value[66];
	struct matcher matcher = { .value = VIEW("(a+)+b"), .op = MATCHER_LIKE };

	memset(value, 'a', 64);
	memcpy(value + 64, "cb", 2);
	assert_int_equal(matcher_init(&matcher, NULL), 0);
	assert_false(matcher_holds(&matcher, (struct view){ value, sizeof(value) }));
	assert_int_equal(matcher_check(&matcher, NULL), ERR_LIMIT);
	matcher_fini(&matcher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equality_is_of_all_bytes),
		cmocka_unit_test(expressions_are_anchored_at_both_ends),
		cmocka_unit_test(a_slip_names_the_label),
		cmocka_unit_test(an_expression_without_end_gives_up_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
