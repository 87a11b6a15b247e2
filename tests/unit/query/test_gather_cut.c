/* test_gather_cut: the largest are kept, and as many as were asked for. */
#include "testing.h"

#include "query/gather.h"
#include "query/kept_profiles.h"

/* 100 frames below one root, of the values 1 to 100. */
static void keep_a_hundred(struct store *store)
{
	BUF_AUTO folded = { 0 };

	for (int i = 1; i <= 100; i++)
		buf_add_format(&folded, "%smain;f%d|%d", i > 1 ? "\n" : "", i, i);
	buf_add_char(&folded, '\0');
	kept_add(store, (struct kept){ 0 }, folded.at);
}

static void the_largest_are_kept(void **state)
{
	struct store_select select = kept_select();
	struct store *store;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	keep_a_hundred(store);
	for (size_t max = 1; max <= 101; max += 10) {
		struct gather_options options = { .select = &select, .nodes_max = max };
		struct gather_figures figures;
		struct profile *profile;
		int64_t least = INT64_MAX, other = 0, all = 0;

		assert_int_equal(gather(store, &options, &profile, &figures, NULL), 0);
		assert_int_equal(figures.nodes, 101);
		assert_int_equal(figures.nodes_cut, 101 - max);
		for (size_t i = 0; i < profile->n_samples; i++) {
			uint32_t stack = profile->samples[i].stack;
			const struct location *leaf =
				&profile->locations[profile->stacks.nodes[stack].location];
			struct view name = profile_text(profile,
				profile->functions[profile->lines[leaf->first_line].function].name);

			all += profile->values[i];
			if (view_equal(name, VIEW(GATHER_OTHER)))
				other = profile->values[i];
			else if (profile->values[i] < least)
				least = profile->values[i];
		}
		assert_int_equal(all, 5050);
		assert_int_equal(figures.weight_cut, other);
		assert_int_equal(profile->n_samples, max - 1 + (max <= 100));
		/* The 101 - max smallest are one: about those, as sizes are told apart by 1/64. */
		assert_true(max == 101 || other >= (int64_t)((101 - max) * (102 - max) / 2));
		assert_true(max == 1 || least >= (int64_t)(101 - max));
		profile_free(profile);
	}
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
