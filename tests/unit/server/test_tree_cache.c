/* test_tree_cache: a tree is built once while it is looked at, and not kept for ever. */
#include "testing.h"

#include "../render/folded_tree.h"
#include "server/tree_cache.h"

static void the_same_question_gets_the_same_tree(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 3\n");
	struct tree_cache cache = { .profile = p };
	const struct tree *first, *again;

	assert_int_equal(tree_cache_get(&cache, 0, 0, &first, NULL), 0);
	assert_int_equal(tree_cache_get(&cache, 0, 0, &again, NULL), 0);
	assert_ptr_equal(first, again);
	assert_int_equal(first->total[0], 3);
	tree_cache_fini(&cache);
}

static void labels_come_to_the_root_when_asked_for(void **state)
{
	PROFILE_AUTO p = folded_profile("a 3\n");
	struct label label = { .key = profile_string(p, VIEW("thread")),
		.str = profile_string(p, VIEW("worker")) };
	struct tree_cache cache = { .profile = p };
	const struct tree *tree;

	profile_add(p, profile_push(p, 0, profile_named(p, VIEW("a"))),
		profile_labels(p, &label, 1), (int64_t[]){ 2 });
	assert_int_equal(tree_cache_get(&cache, 0, label.key, &tree, NULL), 0);
	assert_int_equal(tree->n_children[0], 2); /* worker, and those without */
	assert_int_equal(tree->kind[1], FRAME_GROUP);
	assert_int_equal(tree_cache_get(&cache, 0, 0, &tree, NULL), 0);
	assert_int_equal(tree->n_children[0], 1);
	tree_cache_fini(&cache);
}

static void the_oldest_tree_makes_room(void **state)
{
	PROFILE_AUTO p = folded_profile("a 3\n");
	struct tree_cache cache = { .profile = p };
	const struct tree *tree;

	for (uint32_t round = 0; round < 3 * TREE_CACHE_SIZE; round++) {
		char key[16] = { 'k', (char)('a' + round), '\0' };

		assert_int_equal(
			tree_cache_get(&cache, 0, profile_string(p, view_of(key)), &tree, NULL), 0);
		assert_int_equal(tree->total[0], 3);
	}
	tree_cache_fini(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_question_gets_the_same_tree),
		cmocka_unit_test(labels_come_to_the_root_when_asked_for),
		cmocka_unit_test(the_oldest_tree_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
