/* test_range: overlapping ranges become flat. */
#include "testing.h"

#include <stdlib.h>

#include "symbol/range.h"

static void the_higher_rank_wins_and_the_lower_goes_on_after_it(void **state)
{
	struct range in[] = {
		{ .start = 10, .end = 20, .rank = 1, .id = 1 },
		{ .start = 0, .end = 100, .rank = 0, .id = 0 },
	};
	struct range *out;
	size_t n;

	assert_int_equal(range_flatten(in, 2, &out, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(range_find(out, n, 9)->id, 0);
	assert_int_equal(range_find(out, n, 10)->id, 1);
	assert_int_equal(range_find(out, n, 20)->id, 0);
	assert_null(range_find(out, n, 100));
	free(out);
}

static void nothing_is_found_between_ranges(void **state)
{
	struct range in[] = {
		{ .start = 30, .end = 40, .rank = 0, .id = 7 },
		{ .start = 10, .end = 20, .rank = 1, .id = 8 },
		{ .start = 50, .end = 50, .rank = 2, .id = 9 },
	};
	struct range *out;
	size_t n;

	assert_int_equal(range_flatten(in, 3, &out, &n), 0);
	assert_int_equal(n, 2);
	assert_null(range_find(out, n, 9));
	assert_null(range_find(out, n, 25));
	assert_null(range_find(out, n, 50));
	assert_int_equal(range_find(out, n, 30)->id, 7);
	free(out);
}

/* The slow and certain way to say who owns an address. */
static int owner(const struct range *ranges, size_t n, uint64_t address)
{
	const struct range *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (ranges[i].start <= address && address < ranges[i].end &&
			(!best || ranges[i].rank > best->rank))
			best = &ranges[i];
	return best ? (int)best->id : -1;
}

static void every_address_has_the_owner_a_search_of_all_ranges_gives(void **state)
{
	uint64_t seed = 42;

	for (int round = 0; round < 500; round++) {
		struct range in[24], copy[24], *out;
		size_t n_in = 0, n;

		for (uint32_t i = 0; i < 24; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			in[n_in].start = (seed >> 33) % 64;
			in[n_in].end = in[n_in].start + (seed >> 40) % 32;
			in[n_in].rank = i;
			in[n_in++].id = i;
		}
		memcpy(copy, in, sizeof(in));
		assert_int_equal(range_flatten(in, n_in, &out, &n), 0);
		for (uint64_t address = 0; address < 100; address++) {
			const struct range *found = range_find(out, n, address);

			assert_int_equal(found ? (int)found->id : -1, owner(copy, n_in, address));
		}
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_higher_rank_wins_and_the_lower_goes_on_after_it),
		cmocka_unit_test(nothing_is_found_between_ranges),
		cmocka_unit_test(every_address_has_the_owner_a_search_of_all_ranges_gives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
