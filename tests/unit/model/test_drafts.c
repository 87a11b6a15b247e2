/* test_drafts: nodes are met depth first, parents before children, from left to right. */
#include "testing.h"

#include "model/drafts.h"
#include "named_stacks.h"
#include "random_profile.h"

static const struct tree_options of_new = { .type = 1, .base_type = -1 };
static const struct tree_options of_both = { .type = 1, .base_type = 0 };

static struct profile *small(void)
{
	struct profile *p = named_stacks();

	named_stacks_add(p, "main;b;y", 2, 3);
	named_stacks_add(p, "main;a", 1, 2);
	named_stacks_add(p, "start", 0, 1);
	return p;
}

static struct view name_at(const struct drafts *drafts, size_t i)
{
	const struct frame *frame = &drafts->descent.frames.all[drafts->all[i].frame];

	return strings_at(&drafts->descent.frames.names, frame->name);
}

static void the_first_child_follows_its_parent(void **state)
{
	PROFILE_AUTO p = small();
	struct drafts drafts;

	assert_int_equal(drafts_build(&drafts, p, &of_new, NULL), 0);
	assert_int_equal(drafts.count, 6);
	assert_true(drafts.all[0].frame == DRAFT_NO_FRAME);
	assert_int_equal(drafts.all[0].total, 6);
	assert_view_equal(name_at(&drafts, 1), "main");
	assert_view_equal(name_at(&drafts, 2), "a");
	assert_view_equal(name_at(&drafts, 3), "b");
	assert_view_equal(name_at(&drafts, 4), "y");
	assert_view_equal(name_at(&drafts, 5), "start");
	assert_int_equal(drafts.all[3].start, 2);
	assert_int_equal(drafts.all[4].start, 2);
	assert_int_equal(drafts.all[5].start, 5);
	drafts_fini(&drafts);
}

static void what_is_counted_at_a_depth_is_there(void **state)
{
	for (uint32_t seed = 0; seed < 50; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		size_t seen[64] = { 0 };
		struct drafts drafts;

		assert_int_equal(drafts_build(&drafts, p, &of_new, NULL), 0);
		for (size_t i = 0; i < drafts.count; i++) {
			assert_in_range(drafts.all[i].depth, i > 0,
				i > 0 ? drafts.all[i - 1].depth + 1 : 0);
			seen[drafts.all[i].depth]++;
		}
		for (unsigned depth = 0; depth <= drafts.max_depth; depth++)
			assert_int_equal(drafts.n_at_depth[depth], seen[depth]);
		drafts_fini(&drafts);
	}
}

static void narrow_nodes_take_their_children_along_and_leave_their_room(void **state)
{
	PROFILE_AUTO p = small();
	struct tree_options options = of_new;
	struct drafts drafts;

	options.width_min = 3;
	assert_int_equal(drafts_build(&drafts, p, &options, NULL), 0);
	assert_int_equal(drafts.count, 4);
	assert_view_equal(name_at(&drafts, 2), "b");
	assert_int_equal(drafts.all[2].start, 2);
	drafts_fini(&drafts);
}

static void in_a_union_the_room_of_narrow_children_is_remembered(void **state)
{
	PROFILE_AUTO p = small();
	struct tree_options options = of_both;
	struct drafts drafts;

	options.width_min = 4;
	assert_int_equal(drafts_build(&drafts, p, &options, NULL), 0);
	assert_true(drafts.is_union);
	assert_int_equal(drafts.n_bases, drafts.count);
	assert_int_equal(drafts.bases[0].hidden, 1); /* start */
	assert_int_equal(drafts.bases[1].hidden, 2); /* a: 2 beside 1 */
	assert_int_equal(drafts.bases[1].total, 3);
	drafts_fini(&drafts);
}

static void past_the_depth_all_is_the_nodes_own(void **state)
{
	PROFILE_AUTO p = small();
	struct tree_options options = of_new;
	struct drafts drafts;

	options.depth_max = 1;
	assert_int_equal(drafts_build(&drafts, p, &options, NULL), 0);
	assert_int_equal(drafts.count, 3);
	assert_int_equal(drafts.all[1].self, 5);
	assert_true(drafts.was_folded);
	drafts_fini(&drafts);
}

static void too_many_nodes_are_refused_in_words(void **state)
{
	PROFILE_AUTO p = small();
	struct tree_options options = of_new;
	struct drafts drafts;
	struct err err;

	options.nodes_max = 5;
	assert_int_equal(drafts_build(&drafts, p, &options, &err), ERR_LIMIT);
	assert_string_equal(err.text,
		"the flame graph has more than 5 frames: leave out narrow ones, or focus");
	drafts_fini(&drafts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_child_follows_its_parent),
		cmocka_unit_test(what_is_counted_at_a_depth_is_there),
		cmocka_unit_test(narrow_nodes_take_their_children_along_and_leave_their_room),
		cmocka_unit_test(in_a_union_the_room_of_narrow_children_is_remembered),
		cmocka_unit_test(past_the_depth_all_is_the_nodes_own),
		cmocka_unit_test(too_many_nodes_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
