/* test_svg_plan: defaults are filled in, and what cannot be drawn is refused before it is begun. */
#include "testing.h"

#include "render/svg_plan.h"

static void add(struct profile *p, const char *name, int64_t first, int64_t second)
{
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, view_of(name)));

	profile_add(p, stack, 0, (int64_t[]){ first, second });
}

static struct profile *two_types(const char *first, const char *second, const char *unit)
{
	struct profile *p = profile_new();

	profile_add_type(p, view_of(first), view_of(unit), NULL);
	profile_add_type(p, view_of(second), view_of(unit), NULL);
	add(p, "f", 10, 4);
	add(p, "g", 1, 6);
	return p;
}

static void plan_for(struct svg_plan *plan, const struct profile *p, struct render_svg_options o)
{
	struct err err = { 0 };

	if (svg_plan_init(plan, p, &o, &err) < 0)
		fail_msg("%s", err.text);
}

static void base_and_new_are_a_comparison_unasked(void **state)
{
	PROFILE_AUTO p = two_types("base", "new", "count");
	struct svg_plan plan;

	plan_for(&plan, p, (struct render_svg_options){ 0 });
	assert_int_equal(plan.base_type, 0);
	assert_int_equal(plan.type, 1);
	assert_int_equal(plan.whole, 10);
	assert_int_equal(plan.change_max, 6); /* f lost 6, g won 5 */
	svg_plan_fini(&plan);
}

static void other_types_are_drawn_alone(void **state)
{
	PROFILE_AUTO p = two_types("alloc", "inuse", "bytes");
	struct svg_plan plan;

	plan_for(&plan, p, (struct render_svg_options){ .type = VIEW("alloc") });
	assert_int_equal(plan.base_type, -1);
	assert_int_equal(plan.whole, 11);
	assert_string_equal(plan.o.count_name, "bytes");
	svg_plan_fini(&plan);
}

static void thousandths_are_shown_as_samples(void **state)
{
	PROFILE_AUTO p = two_types("a", "b", "thousandths");
	struct svg_plan plan;

	plan_for(&plan, p, (struct render_svg_options){ 0 });
	assert_true(plan.unit == 1e-3);
	assert_string_equal(plan.o.count_name, "samples");
	svg_plan_fini(&plan);
}

static void the_whole_fills_the_width_and_the_depth_the_height(void **state)
{
	PROFILE_AUTO p = two_types("a", "b", "count");
	struct svg_plan plan, titled;

	plan_for(&plan, p, (struct render_svg_options){ .width = 120 });
	assert_true((double)plan.whole * plan.scale == 120 - 2 * SVG_PLAN_SIDE_PAD);
	assert_true(plan.height == plan.top + plan.bottom + 2 * plan.o.frame_height);
	plan_for(&titled, p, (struct render_svg_options){ .width = 120, .subtitle = "s" });
	assert_true(titled.height == plan.height + 2 * plan.o.font_size);
	svg_plan_fini(&plan);
	svg_plan_fini(&titled);
}

static void frames_too_narrow_to_see_are_not_planned(void **state)
{
	PROFILE_AUTO p = two_types("a", "b", "count");
	struct svg_plan plan;

	add(p, "wide", 0, 100000);
	plan_for(&plan, p, (struct render_svg_options){ 0 });
	assert_int_equal(plan.tree.n_nodes, 2);
	svg_plan_fini(&plan);
	plan_for(&plan, p, (struct render_svg_options){ .min_percent = 1e-9 });
	assert_int_equal(plan.tree.n_nodes, 4);
	svg_plan_fini(&plan);
}

static void an_unknown_type_is_refused_by_name(void **state)
{
	PROFILE_AUTO p = two_types("a", "b", "count");
	const struct render_svg_options options = { .type = VIEW("moon") };
	struct svg_plan plan;
	struct err err;

	assert_int_equal(svg_plan_init(&plan, p, &options, &err), ERR_USAGE);
	assert_string_equal(err.text, "the profile has no sample type \"moon\"");
	svg_plan_fini(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_and_new_are_a_comparison_unasked),
		cmocka_unit_test(other_types_are_drawn_alone),
		cmocka_unit_test(thousandths_are_shown_as_samples),
		cmocka_unit_test(the_whole_fills_the_width_and_the_depth_the_height),
		cmocka_unit_test(frames_too_narrow_to_see_are_not_planned),
		cmocka_unit_test(an_unknown_type_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
