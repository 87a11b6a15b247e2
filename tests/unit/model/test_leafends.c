/* test_leafends: stacks keep their leaf's end, values stay. */
#include "testing.h"

#include "model/leafends.h"
#include "random_profile.h"

static uint32_t at_line(struct profile *p, const char *name, int64_t line, uint64_t address)
{
	struct function function = { .name = profile_string(p, view_of(name)) };
	struct line lines[] = { { .function = profile_function(p, &function), .line = line } };
	struct location location = { .address = address, .n_lines = 1 };

	return profile_location(p, &location, lines);
}

static void add(struct profile *p, const uint32_t *locations, size_t n, int64_t value)
{
	uint32_t stack = STACK_EMPTY;

	for (size_t i = 0; i < n; i++)
		stack = profile_push(p, stack, locations[i]);
	profile_add(p, stack, 0, &value);
}

static struct profile *sample(void)
{
	struct profile *p = profile_new();
	uint32_t a, b, f1, f2;

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	a = at_line(p, "a", 1, 16), b = at_line(p, "b", 2, 32);
	f1 = at_line(p, "f", 10, 48), f2 = at_line(p, "f", 11, 52);
	add(p, (uint32_t[]){ a, b, f1 }, 3, 1);
	add(p, (uint32_t[]){ b, f1 }, 2, 2);
	add(p, (uint32_t[]){ b, f2 }, 2, 4);
	add(p, (uint32_t[]){ f2 }, 1, 8);
	return p;
}

static size_t samples_left(size_t locations_max, bool without_leaf_line, struct profile **ret)
{
	struct leafends_options options = { locations_max, without_leaf_line };
	PROFILE_AUTO p = sample();

	assert_int_equal(leafends(p, &options, ret, NULL), 0);
	assert_int_equal(profile_total(*ret, 0), 15);
	return (*ret)->n_samples;
}

static void only_the_end_counts(void **state)
{
	struct profile *cut;

	assert_int_equal(samples_left(0, false, &cut), 4);
	profile_free(cut);
	assert_int_equal(samples_left(2, false, &cut), 3); /* b f:10, b f:11, f:11 */
	profile_free(cut);
	assert_int_equal(samples_left(1, false, &cut), 2);
	profile_free(cut);
}

static void lines_within_the_leaf_may_go(void **state)
{
	struct profile *cut;

	assert_int_equal(samples_left(2, true, &cut), 2); /* b:2 f, f */
	for (size_t i = 0; i < cut->n_samples; i++) {
		const struct stack_node *node = &cut->stacks.nodes[cut->samples[i].stack];

		assert_int_equal(cut->lines[cut->locations[node->location].first_line].line, 0);
		if (node->parent)
			assert_int_equal(
				cut->lines[cut->locations[cut->stacks.nodes[node->parent].location]
						   .first_line]
					.line,
				2);
	}
	profile_free(cut);
}

static void no_value_is_lost(void **state)
{
	for (unsigned seed = 0; seed < 60; seed++) {
		struct leafends_options options = { 1 + seed % 4, seed % 2 };
		PROFILE_AUTO p = random_profile(seed);
		PROFILE_AUTO cut = NULL;

		assert_int_equal(leafends(p, &options, &cut, NULL), 0);
		for (size_t type = 0; type < 2; type++)
			assert_int_equal(profile_total(cut, type), profile_total(p, type));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_end_counts),
		cmocka_unit_test(lines_within_the_leaf_may_go),
		cmocka_unit_test(no_value_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
