/* test_text_table: which rows count, and the lines above them. */
#include "testing.h"

#include "render/text_table.h"
#include "sample_service.h"

static void rows_below_the_cutoff_do_not_count(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .fraction_min = 0.005, .rows_max = 2 };
	BUF_AUTO out = { 0 };
	struct text_table t = { .profile = p, .o = &options, .out = &out };

	assert_int_equal(text_table_build(&t, NULL), 0);
	assert_int_equal(t.top.n_rows, 5);
	assert_int_equal(t.n_kept, 4);
	assert_int_equal(t.n_shown, 2);
	text_table_left_out(&t);
	assert_int_equal(text_table_finish(&t, 0, NULL), 0);
	assert_view_equal(buf_view(&out),
		"Showing nodes accounting for 900ms, 90.00% of 1000ms total\n"
		"Dropped 1 node (cum <= 5ms)\n"
		"Showing top 2 nodes out of 4\n");
}

static void filters_and_the_whole_they_were_taken_from_are_told(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .whole = 4000000000,
		.filters = VIEW("   focus=a\033b\n   hide=c\n") };
	BUF_AUTO out = { 0 };
	struct text_table t = { .profile = p, .o = &options, .out = &out };

	assert_int_equal(text_table_build(&t, NULL), 0);
	text_table_origin(&t);
	text_table_share(&t, 1000000000);
	assert_int_equal(text_table_finish(&t, 0, NULL), 0);
	assert_view_equal(buf_view(&out), "Type: cpu\n"
					  "Active filters:\n"
					  "   focus=a\u241bb\n"
					  "   hide=c\n"
					  "25.00%");
}

static void an_unknown_type_is_refused(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .type = VIEW("heat") };
	BUF_AUTO out = { 0 };
	struct text_table t = { .profile = p, .o = &options, .out = &out };
	struct err err;

	assert_int_equal(text_table_finish(&t, text_table_build(&t, &err), &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "heat"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_below_the_cutoff_do_not_count),
		cmocka_unit_test(filters_and_the_whole_they_were_taken_from_are_told),
		cmocka_unit_test(an_unknown_type_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
