/* test_peek: callers and callees against the slow way. */
#include "testing.h"

#include "model/peek.h"
#include "naive_stacks.h"
#include "random_profile.h"

static bool has_edge(const struct naive_stack *stack, struct view caller, struct view callee)
{
	for (size_t i = 0; i + 1 < stack->n; i++)
		if (view_equal(stack->frames[i], caller) &&
			view_equal(stack->frames[i + 1], callee))
			return true;
	return false;
}

static int64_t sum_of_edge(const struct profile *p, struct view caller, struct view callee)
{
	struct frames frames;
	int64_t sum = 0;

	frames_init(&frames, p, FRAMES_FUNCTIONS, NULL);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);

		if (has_edge(&stack, caller, callee))
			sum += p->values[2 * i + 1];
	}
	frames_fini(&frames);
	return sum;
}

static void edges_agree_with_the_slow_way(void **state)
{
	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct view name = VIEW("a");
		struct peek peek;
		const struct peek_options options = { .name = name, .type = 1 };

		if (peek_build(p, &options, &peek, NULL) == 0) {
			for (size_t i = 0; i < peek.n_callers; i++)
				assert_int_equal(peek.callers[i].value,
					sum_of_edge(p,
						strings_at(&peek.names, peek.callers[i].name),
						name));
			for (size_t i = 0; i < peek.n_callees; i++)
				assert_int_equal(peek.callees[i].value,
					sum_of_edge(p, name,
						strings_at(&peek.names, peek.callees[i].name)));
			for (size_t i = 1; i < peek.n_callees; i++)
				assert_true(peek.callees[i - 1].value >= peek.callees[i].value);
		}
		peek_fini(&peek);
	}
}

static void recursion_is_told_and_counted_once(void **state)
{
	PROFILE_AUTO p = profile_new();
	const char *const names[] = { "main", "f", "g", "f", "f", "g" };
	const struct peek_options options = { .name = VIEW("f") };
	uint32_t stack = STACK_EMPTY;
	struct peek peek;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (int i = 0; i < 6; i++)
		stack = profile_push(p, stack, profile_named(p, view_of(names[i])));
	profile_add(p, stack, 0, (int64_t[]){ 7 });
	assert_int_equal(peek_build(p, &options, &peek, NULL), 0);
	assert_true(peek.is_recursive);
	assert_int_equal(peek.total, 7);
	assert_int_equal(peek.self, 0);
	assert_int_equal(peek.n_callers, 2); /* g and main, not f itself */
	assert_int_equal(peek.n_callees, 1);
	assert_int_equal(peek.callees[0].value, 7);
	peek_fini(&peek);
}

static void an_unknown_function_is_named(void **state)
{
	PROFILE_AUTO p = random_profile(1);
	const struct peek_options options = { .name = VIEW("moon") };
	struct peek peek;
	struct err err;

	assert_int_equal(peek_build(p, &options, &peek, &err), ERR_NOT_FOUND);
	assert_string_equal(err.text, "no function \"moon\" in the profile");
	peek_fini(&peek);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges_agree_with_the_slow_way),
		cmocka_unit_test(recursion_is_told_and_counted_once),
		cmocka_unit_test(an_unknown_function_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
