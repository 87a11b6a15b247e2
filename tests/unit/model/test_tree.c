/* test_tree: a tree holds what the stacks hold, in order, and never more than was asked for. */
#include "testing.h"

#include "model/tree.h"
#include "naive_stacks.h"
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

static struct profile *two_sided(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	return p;
}

static const struct tree_options of_new = { .type = 1, .base_type = -1 };

static void assert_node(
	const struct tree *tree, uint32_t node, const char *name, uint64_t start, uint64_t width)
{
	assert_view_equal(strings_at(&tree->names, tree->name[node]), name);
	assert_int_equal(tree->start[node], start);
	assert_int_equal(tree->width[node], width);
}

static void siblings_are_alphabetical_and_self_comes_first(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree tree;

	add(p, "main;b", 0, 3);
	add(p, "main;a;x", 0, 2);
	add(p, "main", 0, 5);
	assert_int_equal(tree_build(p, &of_new, &tree, NULL), 0);
	assert_int_equal(tree.n_nodes, 5);
	assert_node(&tree, 0, "all", 0, 10);
	assert_node(&tree, 1, "main", 0, 10);
	assert_node(&tree, 2, "a", 5, 2);
	assert_node(&tree, 3, "b", 7, 3);
	assert_node(&tree, 4, "x", 5, 2);
	assert_int_equal(tree.self[1], 5);
	assert_int_equal(tree.first_child[1], 2);
	assert_int_equal(tree.n_children[1], 2);
	assert_int_equal(tree.max_depth, 3);
	tree_fini(&tree);
}

static void text_order_splits_a_function_around_its_part(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;

	add(p, "a", 0, 1);
	add(p, "a;x", 0, 2);
	add(p, "a.part.0", 0, 4);
	options.order = TREE_AS_TEXT;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(tree.n_nodes, 5);
	assert_node(&tree, 1, "a", 0, 1);
	assert_node(&tree, 2, "a.part.0", 1, 4);
	assert_node(&tree, 3, "a", 5, 2);
	assert_node(&tree, 4, "x", 5, 2);
	tree_fini(&tree);
}

static void text_order_keeps_a_function_whole_where_nothing_comes_between(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;

	add(p, "a", 0, 1);
	add(p, "a;x", 0, 2);
	add(p, "a=b", 0, 4); /* '=' comes after ';' */
	options.order = TREE_AS_TEXT;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_node(&tree, 1, "a", 0, 3);
	assert_node(&tree, 2, "a=b", 3, 4);
	assert_int_equal(tree.self[1], 1);
	tree_fini(&tree);
}

static void inverted_the_leaf_is_at_the_root(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;

	add(p, "main;a;malloc", 0, 2);
	add(p, "main;b;malloc", 0, 3);
	add(p, "main;b", 0, 1);
	options.inverted = true;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_node(&tree, 1, "b", 0, 1);
	assert_node(&tree, 2, "malloc", 1, 5);
	assert_node(&tree, 3, "main", 0, 1);
	assert_node(&tree, 4, "a", 1, 2);
	assert_node(&tree, 5, "b", 3, 3);
	assert_int_equal(tree.n_nodes, 8);
	tree_fini(&tree);
}

static void in_a_union_what_vanished_keeps_its_place(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = { .type = 1, .base_type = 0 };
	struct tree tree;

	add(p, "main;gone", 6, 0);
	add(p, "main;same", 5, 5);
	add(p, "main;new", 0, 2);
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_node(&tree, 1, "main", 0, 13);
	assert_node(&tree, 2, "gone", 0, 6);
	assert_node(&tree, 3, "new", 6, 2);
	assert_node(&tree, 4, "same", 8, 5);
	assert_int_equal(tree.total[1], 7);
	assert_int_equal(tree.base_total[1], 11);
	assert_int_equal(tree.total[2], 0);
	tree_fini(&tree);
}

static void narrow_nodes_are_left_out_but_keep_their_room(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;

	add(p, "main;a", 0, 1);
	add(p, "main;b", 0, 9);
	options.width_min = 2;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(tree.n_nodes, 3);
	assert_node(&tree, 2, "b", 1, 9);
	tree_fini(&tree);
}

static void deeper_frames_fold_into_the_last_one_kept(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;
	uint32_t stack = STACK_EMPTY, f = profile_named(p, VIEW("f"));

	for (int i = 0; i < 500000; i++)
		stack = profile_push(p, stack, f);
	profile_add(p, stack, 0, (int64_t[]){ 1, 1 });
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(tree.max_depth, TREE_DEPTH_DEFAULT);
	assert_true(tree.was_folded);
	assert_int_equal(tree.self[tree.n_nodes - 1], 1);
	tree_fini(&tree);
	options.inverted = true;
	options.depth_max = 1 << 20;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(tree.max_depth, TREE_DEPTH_LIMIT);
	tree_fini(&tree);
}

static void too_many_nodes_are_refused_with_a_way_out(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree_options options = of_new;
	struct tree tree;
	struct err err;

	add(p, "a;b;c", 0, 1);
	options.nodes_max = 3;
	assert_int_equal(tree_build(p, &options, &tree, &err), ERR_LIMIT);
	assert_string_equal(err.text,
		"the flame graph has more than 3 frames: leave out narrow ones, or focus");
	tree_fini(&tree);
}

static void negative_values_have_no_width_but_are_told(void **state)
{
	PROFILE_AUTO p = two_sided();
	struct tree tree;

	add(p, "a", 0, -5);
	add(p, "b", 0, 2);
	assert_int_equal(tree_build(p, &of_new, &tree, NULL), 0);
	assert_true(tree.had_negative);
	assert_int_equal(tree.n_nodes, 2);
	assert_node(&tree, 1, "b", 0, 2);
	assert_int_equal(tree_whole(p, 1), 2);
	tree_fini(&tree);
}

static void label_values_become_root_frames(void **state)
{
	PROFILE_AUTO p = two_sided();
	uint32_t host = profile_string(p, VIEW("host"));
	struct label label = { .key = host, .str = profile_string(p, VIEW("h1")) };
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));
	struct tree_options options = of_new;
	struct tree tree;

	profile_add(p, stack, profile_labels(p, &label, 1), (int64_t[]){ 0, 3 });
	profile_add(p, stack, 0, (int64_t[]){ 0, 4 });
	options.group_by = &host;
	options.n_group_by = 1;
	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_node(&tree, 1, "(no host)", 0, 4);
	assert_node(&tree, 2, "h1", 4, 3);
	assert_node(&tree, 3, "main", 0, 4);
	assert_int_equal(tree.kind[2], FRAME_GROUP);
	assert_int_equal(tree.kind[3], FRAME_USER);
	tree_fini(&tree);
}

/* ---- against the slow way: is every node the sum of the stacks that pass through it? ---- */

static bool node_is_prefix(const struct tree *tree, uint32_t node, const struct naive_stack *stack)
{
	if (tree->depth[node] > stack->n)
		return false;
	for (; node != 0; node = tree->parent[node])
		if (!view_equal(strings_at(&tree->names, tree->name[node]),
			    stack->frames[tree->depth[node] - 1]))
			return false;
	return true;
}

static void reverse(struct naive_stack *stack)
{
	for (size_t i = 0; i < stack->n / 2; i++) {
		struct view swapped = stack->frames[i];

		stack->frames[i] = stack->frames[stack->n - 1 - i];
		stack->frames[stack->n - 1 - i] = swapped;
	}
}

static void check_sums(const struct profile *p, const struct tree *tree, bool inverted)
{
	uint64_t *self = calloc(tree->n_nodes, 8), *total = calloc(tree->n_nodes, 8);
	struct frames frames;

	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);
		uint64_t value = (uint64_t)p->values[2 * i + 1];
		bool ended = value == 0;

		if (inverted)
			reverse(&stack);
		for (uint32_t n = 0; n < tree->n_nodes; n++) {
			if (!node_is_prefix(tree, n, &stack))
				continue;
			total[n] += value;
			if (tree->depth[n] == stack.n) {
				self[n] += value;
				ended = true;
			}
		}
		assert_true(ended);
	}
	assert_memory_equal(self, tree->self, tree->n_nodes * 8);
	assert_memory_equal(total, tree->total, tree->n_nodes * 8);
	frames_fini(&frames);
	free(self);
	free(total);
}

static void check_order(const struct tree *tree)
{
	for (uint32_t n = 0; n < tree->n_nodes; n++) {
		uint64_t at = tree->start[n] + tree->self[n];

		assert_true(n == 0 || tree->total[n] > 0);
		for (uint32_t k = 0; k < tree->n_children[n]; k++) {
			uint32_t child = tree->first_child[n] + k;

			assert_int_equal(tree->parent[child], n);
			assert_int_equal(tree->start[child], at);
			assert_true(k == 0 || tree->name[child - 1] < tree->name[child]);
			at += tree->width[child];
		}
		assert_int_equal(at, tree->start[n] + tree->total[n]);
	}
}

static void random_trees_hold_what_their_stacks_hold(void **state)
{
	for (uint32_t seed = 0; seed < 300; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct tree_options options = of_new;
		struct tree tree;

		options.inverted = seed % 2;
		assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
		check_order(&tree);
		check_sums(p, &tree, options.inverted);
		tree_fini(&tree);
	}
}

/* In text order a name may come twice, but the parts add up to the whole. */
static void random_trees_in_text_order_cover_the_same_width(void **state)
{
	for (uint32_t seed = 0; seed < 300; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct tree_options options = of_new;
		struct tree tree;

		options.order = TREE_AS_TEXT;
		assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
		for (uint32_t n = 0; n < tree.n_nodes; n++) {
			uint64_t at = tree.start[n] + tree.self[n];

			for (uint32_t k = 0; k < tree.n_children[n]; k++) {
				assert_int_equal(tree.start[tree.first_child[n] + k], at);
				at += tree.width[tree.first_child[n] + k];
			}
			assert_int_equal(at, tree.start[n] + tree.total[n]);
		}
		tree_fini(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siblings_are_alphabetical_and_self_comes_first),
		cmocka_unit_test(text_order_splits_a_function_around_its_part),
		cmocka_unit_test(text_order_keeps_a_function_whole_where_nothing_comes_between),
		cmocka_unit_test(inverted_the_leaf_is_at_the_root),
		cmocka_unit_test(in_a_union_what_vanished_keeps_its_place),
		cmocka_unit_test(narrow_nodes_are_left_out_but_keep_their_room),
		cmocka_unit_test(deeper_frames_fold_into_the_last_one_kept),
		cmocka_unit_test(too_many_nodes_are_refused_with_a_way_out),
		cmocka_unit_test(negative_values_have_no_width_but_are_told),
		cmocka_unit_test(label_values_become_root_frames),
		cmocka_unit_test(random_trees_hold_what_their_stacks_hold),
		cmocka_unit_test(random_trees_in_text_order_cover_the_same_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
