/* test_stacks: equal stacks are one node, and parents come before children. */
#include "testing.h"

#include "model/stacks.h"

static uint32_t random_stack(struct stacks *stacks, unsigned *seed)
{
	uint32_t stack = STACK_EMPTY;
	unsigned depth = (*seed >> 20) % 12;

	for (unsigned i = 0; i < depth; i++) {
		*seed = *seed * 1103515245 + 12345;
		stack = stacks_push(stacks, stack, *seed >> 16 & 3);
	}
	return stack;
}

static void the_same_walk_ends_at_the_same_node(void **state)
{
	struct stacks stacks = { 0 };

	for (unsigned i = 0; i < 5000; i++) {
		unsigned seed = i * 2654435761u, again = seed;

		assert_int_equal(random_stack(&stacks, &seed), random_stack(&stacks, &again));
	}
	for (uint32_t i = 1; i < stacks.count; i++) {
		const struct stack_node *node = &stacks.nodes[i];

		assert_true(node->parent < i);
		assert_int_equal(stacks_push(&stacks, node->parent, node->location), i);
	}
	stacks_fini(&stacks);
}

static void a_stack_is_found_again_among_many_siblings(void **state)
{
	struct stacks stacks = { 0 };
	uint32_t ids[100];

	for (uint32_t i = 0; i < 100; i++)
		ids[i] = stacks_push(&stacks, STACK_EMPTY, i);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(
			stacks_push(&stacks, STACK_EMPTY, (i * 37) % 100), ids[(i * 37) % 100]);
	assert_int_equal(stacks.count, 101);
	stacks_fini(&stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_walk_ends_at_the_same_node),
		cmocka_unit_test(a_stack_is_found_again_among_many_siblings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
