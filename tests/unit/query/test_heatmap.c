/* test_heatmap: everything that has something is in the one cell where it belongs. */
#include "testing.h"

#include "query/heatmap.h"
#include "query/kept_profiles.h"

static struct store *store;

static int start(void **state)
{
	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (int i = 0; i < 20; i++) {
		char folded[80];

		/* Traces 1 to 5, each in four profiles; what is slow is slow in the second half. */
		snprintf(folded, sizeof(folded), "main;work|%d|%d\nmain;idle|%d", i < 10 ? 1 : 100,
			1 + i % 5, 0);
		kept_add(store, (struct kept){ .at_s = i * 60, .seconds = 10 }, folded);
	}
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	return 0;
}

static struct heatmap ask(enum heatmap_by by, bool is_linear)
{
	struct store_select select = kept_select();
	struct heatmap map;

	assert_int_equal(heatmap_make(store,
				 &(struct heatmap_options){ .select = &select,
					 .step_ns = 600 * WORKLOAD_SECOND,
					 .by = by,
					 .rows = 10,
					 .is_linear = is_linear },
				 &map, NULL),
		0);
	assert_int_equal(map.n_columns, 6);
	return map;
}

static void profiles_are_where_they_belong(void **state)
{
	struct heatmap map = ask(HEATMAP_BY_PROFILE, false);

	assert_int_equal(map.n, 20);
	assert_true(map.edges[0] == 1 && map.edges[10] == 100);
	for (unsigned i = 0; i < 10; i++)
		assert_true(map.edges[i + 1] > map.edges[i]);
	assert_int_equal(map.counts[0], 10);         /* first row, first ten minutes */
	assert_int_equal(map.counts[9 * 6 + 1], 10); /* last row, second */
	assert_int_equal(map.counts[1] + map.counts[9 * 6], 0);
	heatmap_fini(&map);
}

static void traces_have_all_their_samples(void **state)
{
	struct heatmap map = ask(HEATMAP_BY_TRACE, true);

	assert_int_equal(map.n, 5);
	assert_true(map.edges[0] == 0 && map.edges[10] == 202);
	assert_int_equal(map.counts[9 * 6], 5); /* they all begin in the first ten minutes */
	heatmap_fini(&map);
}

static void nothing_is_an_empty_map(void **state)
{
	struct store_select select = kept_select();
	struct heatmap_options options = {
		.select = &select, .step_ns = WORKLOAD_SECOND, .rows = 4
	};
	struct heatmap map;

	select.to_ns = select.from_ns;
	assert_int_equal(heatmap_make(store, &options, &map, NULL), ERR_USAGE);
	heatmap_fini(&map);
	select.from_ns -= 3600 * WORKLOAD_SECOND;
	assert_int_equal(heatmap_make(store, &options, &map, NULL), 0);
	assert_int_equal(map.n, 0);
	assert_null(map.counts);
	heatmap_fini(&map);
	options.rows = HEATMAP_ROWS_MAX + 1;
	assert_int_equal(heatmap_make(store, &options, &map, NULL), ERR_USAGE);
	heatmap_fini(&map);
	options.rows = HEATMAP_ROWS_MAX;
	assert_int_equal(heatmap_make(store, &options, &map, NULL), ERR_USAGE);
	heatmap_fini(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_are_where_they_belong),
		cmocka_unit_test(traces_have_all_their_samples),
		cmocka_unit_test(nothing_is_an_empty_map),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
