/* test_top: self and total of functions, recursion counted once, against the slow way. */
#include "testing.h"

#include "model/top.h"
#include "naive_stacks.h"
#include "random_profile.h"

static void check_row(const struct profile *p, const struct top *top, const struct top_row *row)
{
	struct view name = strings_at(&top->names, row->name);
	int64_t self = 0, total = 0;
	struct frames frames;

	frames_init(&frames, p, FRAMES_FUNCTIONS, NULL);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);
		bool has = false;

		for (size_t k = 0; k < stack.n; k++)
			has |= view_equal(stack.frames[k], name);
		if (has)
			total += p->values[2 * i + 1];
		if (stack.n && view_equal(stack.frames[stack.n - 1], name))
			self += p->values[2 * i + 1];
	}
	assert_int_equal(row->self, self);
	assert_int_equal(row->total, total);
	frames_fini(&frames);
}

static void rows_agree_with_the_slow_way(void **state)
{
	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct top_options options = { .type = 1, .base_type = -1 };
		struct top top;

		assert_int_equal(top_build(p, &options, &top, NULL), 0);
		for (size_t i = 0; i < top.n_rows; i++) {
			check_row(p, &top, &top.rows[i]);
			if (i > 0)
				assert_true(top.rows[i - 1].self > top.rows[i].self ||
					    (top.rows[i - 1].self == top.rows[i].self &&
						    top.rows[i - 1].name < top.rows[i].name));
		}
		assert_int_equal(top.whole, profile_total(p, 1));
		top_fini(&top);
	}
}

static void very_deep_recursion_counts_once(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct top_options options = { .base_type = -1 };
	uint32_t stack = STACK_EMPTY, f = profile_named(p, VIEW("f"));
	struct top top;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (int i = 0; i < 500000; i++)
		stack = profile_push(p, stack, f);
	profile_add(p, stack, 0, (int64_t[]){ 3 });
	assert_int_equal(top_build(p, &options, &top, NULL), 0);
	assert_int_equal(top.n_rows, 1);
	assert_int_equal(top.rows[0].self, 3);
	assert_int_equal(top.rows[0].total, 3);
	top_fini(&top);
}

static void by_change_the_largest_difference_comes_first(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct top_options options = { .type = 1, .base_type = 0, .order = TOP_BY_CHANGE };
	struct top top;

	profile_add_type(p, VIEW("base"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("new"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("same"))), 0,
		(int64_t[]){ 50, 51 });
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("gone"))), 0,
		(int64_t[]){ 9, 0 });
	assert_int_equal(top_build(p, &options, &top, NULL), 0);
	assert_view_equal(strings_at(&top.names, top.rows[0].name), "gone");
	assert_int_equal(top.rows[0].base_total, 9);
	assert_int_equal(top.base_whole, 59);
	top_fini(&top);
}

static void a_function_inlined_everywhere_is_marked(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct top_options options = { .base_type = -1 };
	struct location both = { .n_lines = 2 };
	struct line lines[2];
	struct top top;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	lines[0].function =
		profile_function(p, &(struct function){ .name = profile_string(p, VIEW("in")) });
	lines[1].function =
		profile_function(p, &(struct function){ .name = profile_string(p, VIEW("out")) });
	profile_add(p, profile_push(p, STACK_EMPTY, profile_location(p, &both, lines)), 0,
		(int64_t[]){ 1 });
	assert_int_equal(top_build(p, &options, &top, NULL), 0);
	assert_view_equal(strings_at(&top.names, top.rows[0].name), "in");
	assert_int_equal(top.rows[0].inlined, TOP_INLINED);
	assert_int_equal(top.rows[1].inlined, TOP_CALLED);
	top_fini(&top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_agree_with_the_slow_way),
		cmocka_unit_test(very_deep_recursion_counts_once),
		cmocka_unit_test(by_change_the_largest_difference_comes_first),
		cmocka_unit_test(a_function_inlined_everywhere_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
