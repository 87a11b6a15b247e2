/* test_calltree: a tree is its nodes, parents before children. */
#include "testing.h"

#include "codec/calltree.h"

static void add(struct profile *p, const char *stack_text, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, &value);
}

static struct buf bytes_of(const struct profile *p, size_t nodes_max)
{
	struct tree_options options = { .base_type = -1 };
	struct buf out = { 0 };
	struct tree tree;

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(calltree_write(&tree, nodes_max, &out, NULL), 0);
	tree_fini(&tree);
	return out;
}

static struct profile *sample(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	add(p, "main;a;x", 300);
	add(p, "main;b", 4);
	add(p, "main", 1);
	return p;
}

static void parents_come_before_children(void **state)
{
	static const char expected[] = "\0\0\1"
				       "\4main\1\2"
				       "\1a\0\1"
				       "\1x\xac\2\0"
				       "\1b\4\0";
	PROFILE_AUTO p = sample();
	struct buf out = bytes_of(p, 0);

	assert_int_equal(out.len, sizeof(expected) - 1);
	assert_memory_equal(out.at, expected, out.len);
	buf_fini(&out);
}

static void what_is_left_out_is_one_child(void **state)
{
	static const char expected[] = "\0\0\1"
				       "\4main\1\2"
				       "\5other\4\0"
				       "\1a\0\1"
				       "\5other\xac\2\0";
	PROFILE_AUTO p = sample();
	struct buf out = bytes_of(p, 2);

	assert_int_equal(out.len, sizeof(expected) - 1);
	assert_memory_equal(out.at, expected, out.len);
	buf_fini(&out);
}

static void nothing_is_no_bytes(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct buf out;

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	out = bytes_of(p, 0);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_come_before_children),
		cmocka_unit_test(what_is_left_out_is_one_child),
		cmocka_unit_test(nothing_is_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
