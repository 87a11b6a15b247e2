/* test_callgraph: functions and calls, each counted once for a path. */
#include "testing.h"

#include "base/buf.h"
#include "model/callgraph.h"

static void add(struct profile *p, const char *stack_text, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, &value);
}

static struct profile *sample(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	add(p, "main;a;b;a;b", 10); /* both recur */
	add(p, "main;a;b", 3);
	add(p, "main;small;c", 2);
	add(p, "main;a;a;c", 5); /* calls itself */
	add(p, "main", 1);
	return p;
}

/* The graph as "name self total" and "caller>callee total" in its order. */
static void assert_graph(const struct profile *p, size_t functions_max, const char *expected)
{
	struct tree_options options = { .base_type = -1 };
	struct callgraph graph;
	struct tree tree;
	BUF_AUTO out = { 0 };

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(callgraph_build(&tree, functions_max, &graph, NULL), 0);
	for (size_t i = 0; i < graph.n_functions; i++) {
		const struct callgraph_function *f = &graph.functions[i];

		buf_add_format(&out, "%s %d %d, ", strings_at(&tree.names, f->name).at,
			(int)f->self, (int)f->total);
	}
	for (size_t i = 0; i < graph.n_edges; i++) {
		const struct callgraph_edge *e = &graph.edges[i];

		buf_add_format(&out, "%s%s%s %d, ",
			strings_at(&tree.names, graph.functions[e->caller].name).at,
			e->is_indirect ? ">>" : ">",
			strings_at(&tree.names, graph.functions[e->callee].name).at, (int)e->total);
	}
	buf_add_char(&out, '\0');
	assert_string_equal(out.at, expected);
	callgraph_fini(&graph);
	tree_fini(&tree);
}

static void recursion_counts_once(void **state)
{
	PROFILE_AUTO p = sample();

	assert_graph(p, 0,
		"main 1 21, a 0 18, b 13 13, c 7 7, small 0 2, "
		"main>a 18, a>b 13, b>a 10, a>c 5, main>small 2, small>c 2, ");
}

static void calls_by_way_of_others_are_indirect(void **state)
{
	PROFILE_AUTO p = sample();

	assert_graph(p, 4,
		"main 1 21, a 0 18, b 13 13, c 7 7, "
		"main>a 18, a>b 13, b>a 10, a>c 5, main>>c 2, ");
	assert_graph(p, 1, "main 1 21, ");
}

static void nothing_has_no_functions(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	assert_graph(p, 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recursion_counts_once),
		cmocka_unit_test(calls_by_way_of_others_are_indirect),
		cmocka_unit_test(nothing_has_no_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
