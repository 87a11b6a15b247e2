/* test_descent: items carry what passes through them, from the roots or from the leaves. */
#include "testing.h"

#include "base/vec.h"
#include "model/descent.h"
#include "named_stacks.h"
#include "random_profile.h"

static const struct descent_options upright = { .type = 1, .base_type = -1 };
static const struct descent_options inverted = { .type = 1, .base_type = -1, .inverted = true };
static const struct descent_options diff = { .type = 1, .base_type = 0 };

static uint64_t sum_of(const struct items *items)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < items->count; i++)
		sum += items->at[i].total;
	return sum;
}

/* What passes through an item ends in it or in what follows. Returns all that ended anywhere. */
static uint64_t follow_all(const struct descent *descent)
{
	struct items waiting = { 0 }, next = { 0 };
	uint64_t ended = 0;

	assert_true(descent_start(descent, &waiting));
	while (waiting.count) {
		struct item item = waiting.at[--waiting.count];
		uint64_t self = descent_self(descent, &item);

		next.count = 0;
		assert_true(descent_next(descent, item, &next));
		assert_int_equal(item.total, self + sum_of(&next));
		assert_int_equal(item.name, descent_frame(descent, &item)->name);
		ended += self;
		for (size_t i = 0; i < next.count; i++)
			*VEC_ADD(waiting.at, waiting.count, waiting.cap) = next.at[i];
	}
	free(waiting.at);
	free(next.at);
	return ended;
}

static void nothing_is_lost_on_the_way(const struct descent_options *options)
{
	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct item self, whole;
		struct descent descent;

		assert_int_equal(descent_init(&descent, p, options, NULL), 0);
		descent_root(&descent, &self, &whole);
		assert_int_equal(whole.total, profile_total(p, 1));
		assert_int_equal(self.total + follow_all(&descent), whole.total);
		descent_fini(&descent);
	}
}

static void from_the_roots_nothing_is_lost(void **state)
{
	nothing_is_lost_on_the_way(&upright);
}

static void from_the_leaves_nothing_is_lost(void **state)
{
	nothing_is_lost_on_the_way(&inverted);
}

static void assert_starts_with(const struct descent_options *options, const char *name)
{
	PROFILE_AUTO p = named_stacks();
	struct descent descent;
	struct items items = { 0 };

	named_stacks_add(p, "main;work", 0, 2);
	assert_int_equal(descent_init(&descent, p, options, NULL), 0);
	assert_true(descent_start(&descent, &items));
	assert_int_equal(items.count, 1);
	assert_view_equal(strings_at(&descent.frames.names, items.at[0].name), name);
	free(items.at);
	descent_fini(&descent);
}

static void upright_starts_at_the_root_and_inverted_at_the_leaf(void **state)
{
	assert_starts_with(&upright, "main");
	assert_starts_with(&inverted, "work");
}

static void stacks_without_a_value_are_not_visited(void **state)
{
	PROFILE_AUTO p = named_stacks();
	struct items items = { 0 };
	struct descent descent;

	named_stacks_add(p, "gone;away", 3, 0);
	named_stacks_add(p, "here", 0, 1);
	assert_int_equal(descent_init(&descent, p, &upright, NULL), 0);
	assert_true(descent_start(&descent, &items));
	assert_int_equal(items.count, 1);
	descent_fini(&descent);
	/* In a diff what vanished counts. */
	items.count = 0;
	assert_int_equal(descent_init(&descent, p, &diff, NULL), 0);
	assert_true(descent_start(&descent, &items));
	assert_int_equal(items.count, 2);
	assert_int_equal(items.at[0].base + items.at[1].base, 3);
	descent_fini(&descent);
	free(items.at);
}

static void negative_values_count_as_nothing_and_are_told(void **state)
{
	PROFILE_AUTO p = named_stacks();
	struct item self, whole;
	struct descent descent;

	named_stacks_add(p, "", 0, 2);
	named_stacks_add(p, "a", 0, -5);
	named_stacks_add(p, "b", 0, 4);
	assert_int_equal(descent_init(&descent, p, &upright, NULL), 0);
	descent_root(&descent, &self, &whole);
	assert_int_equal(self.total, 2);
	assert_int_equal(whole.total, 6);
	assert_true(descent.had_negative);
	descent_fini(&descent);
}

static void sums_that_do_not_fit_are_as_large_as_they_can_be(void **state)
{
	PROFILE_AUTO p = named_stacks();
	struct item self, whole;
	struct descent descent;

	named_stacks_add(p, "a", 0, INT64_MAX);
	named_stacks_add(p, "b", 0, INT64_MAX);
	named_stacks_add(p, "c", 0, INT64_MAX);
	assert_int_equal(descent_init(&descent, p, &upright, NULL), 0);
	descent_root(&descent, &self, &whole);
	assert_true(whole.total == UINT64_MAX);
	descent_fini(&descent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_roots_nothing_is_lost),
		cmocka_unit_test(from_the_leaves_nothing_is_lost),
		cmocka_unit_test(upright_starts_at_the_root_and_inverted_at_the_leaf),
		cmocka_unit_test(stacks_without_a_value_are_not_visited),
		cmocka_unit_test(negative_values_count_as_nothing_and_are_told),
		cmocka_unit_test(sums_that_do_not_fit_are_as_large_as_they_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
