/* test_stacks: equal stacks are one node, however their parents fork. */
#include "testing.h"

#include <stdlib.h>

#include "model/stacks.h"

static void a_stack_is_found_again_among_many_siblings(void **state)
{
	struct stacks stacks = { 0 };
	uint32_t ids[100];

	for (uint32_t i = 0; i < 100; i++)
		ids[i] = stacks_push(&stacks, STACK_EMPTY, i);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(stacks_push(&stacks, STACK_EMPTY, (i * 37) % 100),
			ids[(i * 37) % 100]);
	assert_int_equal(stacks.count, 101);
	stacks_fini(&stacks);
}

static void forks_anywhere_agree_with_a_table(void **state)
{
	enum { LOCATIONS = 4, NODES_MAX = 4000 };
	uint32_t(*table)[LOCATIONS] = calloc(NODES_MAX, sizeof(*table));
	struct stacks stacks = { 0 };
	uint32_t seed = 1, n_nodes = 1;

	for (int i = 0; i < 20000 && n_nodes < NODES_MAX; i++) {
		uint32_t parent, location, id;

		seed = seed * 1664525 + 1013904223;
		parent = (seed >> 8) % n_nodes;
		location = (seed >> 4) % LOCATIONS;
		id = stacks_push(&stacks, parent, location);
		if (!table[parent][location])
			table[parent][location] = n_nodes++;
		assert_int_equal(id, table[parent][location]);
		assert_int_equal(stacks.nodes[id].parent, parent);
		assert_int_equal(stacks.nodes[id].location, location);
	}
	assert_int_equal(stacks.count, n_nodes);
	stacks_fini(&stacks);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stack_is_found_again_among_many_siblings),
		cmocka_unit_test(forks_anywhere_agree_with_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
