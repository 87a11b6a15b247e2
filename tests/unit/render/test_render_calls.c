/* test_render_calls: callers, callees and the call tree (pprof_views compares with pprof). */
#include "testing.h"

#include "render/render_calls.h"
#include "sample_service.h"

static bool is_same(const void *state, struct view text)
{
	return view_equal(text, view_of(state));
}

static bool is_any(const void *state, struct view text)
{
	return true;
}

static void a_function_stands_between_its_callers_and_callees(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct filter_text names = { is_same, "search" };
	BUF_AUTO out = { 0 };

	assert_int_equal(
		render_calls_peek(p, &(struct render_text_options){ 0 }, &names, &out, NULL), 0);
	/* Recursion counts once, and is no edge. */
	assert_view_equal(buf_view(&out),
		"----------------------------------------------------------+-------------\n"
		"      flat  flat%   sum%        cum   cum%   calls calls% + context\n"
		"----------------------------------------------------------+-------------\n"
		"                                             900ms   100% |   main\n"
		"     300ms 30.00% 30.00%      900ms 90.00%                | search\n"
		"                                             600ms 66.67% |   regcomp\n"
		"----------------------------------------------------------+-------------\n");
}

static void a_look_at_nobody_is_no_empty_table(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct filter_text names = { is_same, "nobody" };
	BUF_AUTO out = { 0 };

	assert_int_equal(
		render_calls_peek(p, &(struct render_text_options){ 0 }, &names, &out, NULL),
		ERR_NOT_FOUND);
}

static void more_looks_than_wanted_are_counted(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct filter_text names = { is_any, NULL };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_calls_peek(p, &(struct render_text_options){ .rows_max = 4 },
				 &names, &out, NULL),
		0);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "| regcomp\n"));
	assert_null(strstr(out.at, "| main\n"));
	assert_non_null(strstr(out.at, "1 more function matches; -n shows more of them\n"));
}

static void the_tree_goes_down_the_heaviest_branch_first(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .fraction_min = 0.005 };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_calls_tree(p, &options, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "     total  share       self  call\n"
					  "    1000ms   100%          0  all\n"
					  "    1000ms   100%          0   main\n"
					  "     900ms 90.00%      300ms    search\n"
					  "     600ms 60.00%          0     search\n"
					  "     600ms 60.00%      600ms      regcomp\n"
					  "      96ms  9.60%       96ms    e\u241bvil\n"
					  "1 branch is left out; --all and -n show more\n");
}

static void shares_of_a_part_are_those_of_the_whole(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .whole = 2000000000, .rows_max = 1 };
	BUF_AUTO out = { 0 };

	assert_int_equal(render_calls_tree(p, &options, &out, NULL), 0);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, " 50.00% "));
	assert_non_null(strstr(out.at, "1 branch is left out; --all and -n show more\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_stands_between_its_callers_and_callees),
		cmocka_unit_test(a_look_at_nobody_is_no_empty_table),
		cmocka_unit_test(more_looks_than_wanted_are_counted),
		cmocka_unit_test(the_tree_goes_down_the_heaviest_branch_first),
		cmocka_unit_test(shares_of_a_part_are_those_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
