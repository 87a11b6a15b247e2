/* test_passage: the walk visits every stack with a value once, root first, and comes back. */
#include "testing.h"

#include "model/passage.h"
#include "random_profile.h"

static const struct passage_options of_first = { .type = 0, .base_type = -1 };
static const struct passage_options of_second = { .type = 1, .base_type = -1 };

struct seen {
	const struct passage *passage;
	uint32_t path[64];
	size_t depth, n_entered, n_left;
	int64_t self;
};

static bool enter(void *state, uint32_t stack, uint32_t line, bool is_leaf)
{
	struct seen *seen = state;
	uint32_t parent = seen->passage->profile->stacks.nodes[stack].parent;

	if (line == 0)
		assert_int_equal(seen->depth ? seen->path[seen->depth - 1] : STACK_EMPTY, parent);
	seen->path[seen->depth++] = stack;
	seen->n_entered++;
	if (is_leaf)
		seen->self += seen->passage->self[stack];
	return true;
}

static void leave(void *state, uint32_t stack, uint32_t line)
{
	struct seen *seen = state;

	assert_int_equal(seen->path[--seen->depth], stack);
	seen->n_left++;
}

static void every_stack_is_entered_and_left_once(void **state)
{
	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct passage passage;
		struct seen seen = { .passage = &passage };
		const struct passage_visitor visitor = { enter, leave, &seen };

		assert_int_equal(passage_init(&passage, p, &of_second, NULL), 0);
		assert_int_equal(passage_walk(&passage, &visitor, NULL), 0);
		assert_int_equal(seen.depth, 0);
		assert_int_equal(seen.n_entered, seen.n_left);
		assert_int_equal(seen.self + passage.self[STACK_EMPTY], profile_total(p, 1));
		passage_fini(&passage);
	}
}

static bool refuse(void *state, uint32_t stack, uint32_t line, bool is_leaf)
{
	return false;
}

static void a_visitor_without_memory_stops_the_walk(void **state)
{
	PROFILE_AUTO p = profile_new();
	const struct passage_visitor visitor = { refuse, leave, NULL };
	struct passage passage;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(
		p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f"))), 0, (int64_t[]){ 1 });
	assert_int_equal(passage_init(&passage, p, &of_first, NULL), 0);
	assert_int_equal(passage_walk(&passage, &visitor, NULL), ERR_NOMEM);
	passage_fini(&passage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stack_is_entered_and_left_once),
		cmocka_unit_test(a_visitor_without_memory_stops_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
