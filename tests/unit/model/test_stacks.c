/* test_stacks: equal stacks are one node, and parents come before children. */
#include "testing.h"

#include "base/hash.h"
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

#define MANY 30000
#define DEPTH 9

/* Enough nodes that the table grows on the way and that stacks are pushed in lanes; empty stacks
 * and equal ones among them. */
static void many_at_once_are_what_they_are_one_by_one(void **state)
{
	static uint32_t locations[MANY * DEPTH], edges[MANY + 1], together[MANY];
	struct stacks many = { 0 }, single = { 0 };

	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t depth = (uint32_t)(hash_u64(i) % (DEPTH + 1));

		edges[i + 1] = edges[i] + depth;
		for (uint32_t k = 0; k < depth; k++)
			locations[edges[i + 1] - 1 - k] =
				(uint32_t)(hash_u64(i % 29000 * 64 + k) % 40);
	}
	for (uint32_t i = 0; i < MANY; i += MANY / 10)
		assert_true(stacks_push_many(&many, locations, &edges[i], MANY / 10, &together[i]));
	assert_true(many.count > 70000);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t stack = STACK_EMPTY, again = STACK_EMPTY;

		for (uint32_t at = edges[i + 1]; at-- > edges[i];) {
			stack = stacks_push(&single, stack, locations[at]);
			again = stacks_push(&many, again, locations[at]);
		}
		assert_int_equal(again, together[i]);
		for (uint32_t at = edges[i]; at < edges[i + 1]; at++) {
			assert_int_equal(many.nodes[again].location, locations[at]);
			assert_true(many.nodes[again].parent < again);
			again = many.nodes[again].parent;
		}
		assert_int_equal(again, STACK_EMPTY);
	}
	assert_int_equal(many.count, single.count);
	stacks_fini(&many);
	stacks_fini(&single);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_walk_ends_at_the_same_node),
		cmocka_unit_test(a_stack_is_found_again_among_many_siblings),
		cmocka_unit_test(many_at_once_are_what_they_are_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
