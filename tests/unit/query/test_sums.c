/* test_sums: a stack's total is all that goes on from it, whatever the signs. */
#include "testing.h"

#include "query/kept_profiles.h"
#include "query/sums.h"

static int add(void *owner, const struct store_part *part)
{
	struct sums *sums = owner;

	if (!sums->dictionary)
		sums_init(sums, part->dictionary, NULL);
	return sums_add(sums, part) ? 0 : -1;
}

static void totals_go_to_the_root(void **state)
{
	struct store_select select = kept_select();
	struct store_scan scan = { .select = &select, .detail = STORE_STACKS, .apart = true };
	struct sums sums = { 0 };
	struct store *store;
	int64_t at_depth[4] = { 0 };

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .at_s = 1 }, "a|1\na;b|2\na;b;c|4");
	kept_add(store, (struct kept){ .at_s = 2 }, "a;b;c|8\nx|16");
	scan.part = add;
	scan.owner = &sums;
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	assert_true(sums_total(&sums));
	assert_int_equal(sums.n, 5);
	assert_int_equal(sums.total[0], 31);
	assert_int_equal(sums.self[0], 0);
	for (size_t i = 1; i < sums.n; i++) {
		size_t depth = 0;

		for (uint32_t k = (uint32_t)i; k; k = sums.nodes[k].parent)
			depth++;
		at_depth[depth] += sums.total[i];
		assert_true(sums.weight[i] == (uint64_t)sums.total[i]);
	}
	assert_int_equal(at_depth[1], 31);
	assert_int_equal(at_depth[2], 14);
	assert_int_equal(at_depth[3], 12);
	sums_fini(&sums);
	store_close(store);
}

static void sums_saturate(void **state)
{
	assert_true(sums_plus(INT64_MAX, 1) == INT64_MAX);
	assert_true(sums_plus(INT64_MIN, -1) == INT64_MIN);
	assert_true(sums_plus(5, -7) == -2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_go_to_the_root),
		cmocka_unit_test(sums_saturate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
