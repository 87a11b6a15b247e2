/* test_prune: the largest nodes stay, and nothing of the rest is lost. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/prune.h"
#include "random_profile.h"

static void add(struct profile *p, const char *stack_text, int64_t base, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;
	int64_t values[2] = { base, value };

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, values);
}

static struct tree tree_of(const struct profile *p, int base)
{
	struct tree_options options = { .type = 1, .base_type = base };
	struct tree tree;

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	return tree;
}

static struct profile *sample(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	add(p, "main;large", 0, 10);
	add(p, "main;middle;deep", 2, 5);
	add(p, "main;small", 9, 1);
	add(p, "main;tiny", 0, 1);
	return p;
}

static bool keeps(const struct tree *tree, const struct prune *prune, const char *name)
{
	for (size_t i = 0; i < tree->n_nodes; i++)
		if (view_equal(strings_at(&tree->names, tree->name[i]), view_of(name)))
			return prune->kept[i];
	fail_msg("no %s", name);
	return false;
}

static void the_largest_stay(void **state)
{
	PROFILE_AUTO p = sample();
	struct tree tree = tree_of(p, -1);
	struct prune cut;

	assert_int_equal(prune(&tree, 3, VIEW("other"), &cut, NULL), 0);
	assert_int_equal(cut.n_kept, 3);
	assert_true(keeps(&tree, &cut, "main") && keeps(&tree, &cut, "large"));
	assert_true(keeps(&tree, &cut, "middle")); /* as large as what is below it */
	assert_false(keeps(&tree, &cut, "deep"));
	assert_int_equal(cut.other[1], 2); /* of main: small and tiny */
	prune_fini(&cut);
	tree_fini(&tree);
}

static void a_diff_keeps_what_either_side_has(void **state)
{
	PROFILE_AUTO p = sample();
	struct tree tree = tree_of(p, 0);
	struct prune cut;

	assert_int_equal(prune(&tree, 3, VIEW("other"), &cut, NULL), 0);
	assert_true(keeps(&tree, &cut, "small"));
	assert_false(keeps(&tree, &cut, "middle"));
	assert_int_equal(cut.other[1], 6);
	assert_int_equal(cut.base_other[1], 2);
	prune_fini(&cut);
	tree_fini(&tree);
}

static void equal_ones_do_not_exceed_the_limit(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct prune cut;
	struct tree tree;
	char name[8];

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		add(p, name, 0, 300);
	}
	tree = tree_of(p, -1);
	assert_int_equal(prune(&tree, 7, VIEW("other"), &cut, NULL), 0);
	assert_int_equal(cut.n_kept, 7);
	assert_int_equal(cut.n_left, 93);
	assert_int_equal(cut.other[0], 93 * 300);
	prune_fini(&cut);
	tree_fini(&tree);
}

static void what_was_left_out_before_is_left_out_again(void **state)
{
	PROFILE_AUTO p = sample();
	struct prune cut;
	struct tree tree;

	add(p, "main;other", 0, 100);
	add(p, "main;large;other;not a leaf", 0, 3);
	tree = tree_of(p, -1);
	assert_int_equal(prune(&tree, 0, VIEW("other"), &cut, NULL), 0);
	assert_int_equal(cut.n_left, 1);
	assert_int_equal(cut.other[1], 100);
	assert_true(keeps(&tree, &cut, "not a leaf"));
	prune_fini(&cut);
	tree_fini(&tree);
}

static void nothing_is_lost(void **state)
{
	for (unsigned seed = 0; seed < 60; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct tree_options options = { .base_type = -1 };
		struct tree tree;
		struct prune cut;
		uint64_t sum = 0;

		assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
		assert_int_equal(prune(&tree, 1 + seed * 3, VIEW("other"), &cut, NULL), 0);
		assert_true(cut.n_kept <= 1 + seed * 3);
		assert_int_equal(cut.n_kept + cut.n_left, tree.n_nodes - 1);
		for (size_t i = 0; i < tree.n_nodes; i++)
			if (cut.kept[i])
				sum += tree.self[i] + cut.other[i];
		assert_int_equal(sum, tree.total[0]);
		prune_fini(&cut);
		tree_fini(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_stay),
		cmocka_unit_test(a_diff_keeps_what_either_side_has),
		cmocka_unit_test(equal_ones_do_not_exceed_the_limit),
		cmocka_unit_test(what_was_left_out_before_is_left_out_again),
		cmocka_unit_test(nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
