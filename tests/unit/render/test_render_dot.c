/* test_render_dot: boxes, arrows, and names that cannot break out of them. */
#include "testing.h"

#include "render/render_dot.h"

static void add(struct profile *p, const char *stack_text, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, &value);
}

static struct buf drawn(const struct profile *p, size_t functions_max)
{
	struct render_dot_options o = { functions_max, VIEW("nanoseconds"), VIEW("cpu") };
	struct tree_options options = { .base_type = -1 };
	struct buf out = { 0 };
	struct tree tree;

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(render_dot(&tree, &o, &out, NULL), 0);
	buf_add_char(&out, '\0');
	tree_fini(&tree);
	return out;
}

static struct profile *empty(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	return p;
}

static void functions_are_boxes_and_calls_arrows(void **state)
{
	PROFILE_AUTO p = empty();
	struct buf out;

	add(p, "main;work", 3000000000);
	add(p, "main", 1000000000);
	out = drawn(p, 0);
	assert_memory_equal(out.at, "digraph \"flyover\" {\n", 20);
	assert_non_null(strstr(out.at, "Type: cpu\\lTotal: 4s\\l\"]"));
	assert_non_null(strstr(out.at, "N1 [label=\"main\\n1s (25.00%)\\nof 4s (100.00%)\" "));
	assert_non_null(strstr(out.at, "N2 [label=\"work\\n3s (75.00%)\" "));
	assert_non_null(strstr(out.at, "N1 -> N2 [label=\" 3s\" "));
	assert_string_equal(out.at + out.len - 3, "}\n");
	buf_fini(&out);
}

static void what_is_left_out_is_said(void **state)
{
	PROFILE_AUTO p = empty();
	struct buf out;

	add(p, "main;by way of this;work", 2);
	add(p, "main;work", 5);
	out = drawn(p, 2);
	assert_non_null(strstr(out.at, "Functions: 2 of 3"));
	assert_non_null(strstr(out.at, "style=dotted]"));
	assert_null(strstr(out.at, "by way"));
	buf_fini(&out);
}

static void names_are_text(void **state)
{
	PROFILE_AUTO p = empty();
	struct buf out;

	add(p, "a\"]; evil [label=\"\\\n\xff", 1);
	out = drawn(p, 0);
	assert_non_null(strstr(out.at, "[label=\"a\\\"]\\n0 (0.00%)"));
	assert_non_null(strstr(out.at, "[label=\" evil [label=\\\"\\\\ \xef\xbf\xbd\\n1ns"));
	buf_fini(&out);
}

static void nothing_is_a_graph_too(void **state)
{
	PROFILE_AUTO p = empty();
	struct buf out = drawn(p, 0);

	assert_non_null(strstr(out.at, "Total: 0\\l\"]\n}\n"));
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_boxes_and_calls_arrows),
		cmocka_unit_test(what_is_left_out_is_said),
		cmocka_unit_test(names_are_text),
		cmocka_unit_test(nothing_is_a_graph_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
