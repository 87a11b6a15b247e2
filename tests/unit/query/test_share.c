/* test_share: how much a function is, at its place in time, counted once in each sample. */
#include "testing.h"

#include "query/kept_profiles.h"
#include "query/share.h"

#define STEP (60 * WORKLOAD_SECOND)

static struct store *store;

static int start(void **state)
{
	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .pod = "a", .at_s = 0 }, "main;work|3\nmain;wait|1");
	kept_add(store, (struct kept){ .pod = "a", .at_s = 60 },
		"main;work;work;leaf|5\nmain;work;work|7\nother|100");
	kept_add(store, (struct kept){ .pod = "b", .at_s = 61 }, "main;wait;work|11\nwork|13");
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	return 0;
}

static struct share ask(const struct view *functions, size_t n, bool by_pod)
{
	const struct view group = VIEW("pod");
	struct store_select select = kept_select();
	struct share share;

	assert_int_equal(share_make(store,
				 &(struct share_options){ .select = &select,
					 .step_ns = STEP,
					 .functions = functions,
					 .n_functions = n,
					 .group = &group,
					 .n_group = by_pod },
				 &share, NULL),
		0);
	assert_int_equal(share.n_points, 60);
	return share;
}

static void a_function_counts_once_in_a_sample(void **state)
{
	const struct view functions[] = { VIEW("work"), VIEW("main"), VIEW("nobody") };
	struct share share = ask(functions, 3, false);
	const struct share_line *line = &share.lines[0];

	assert_int_equal(share.n_lines, 1);
	assert_int_equal(line->whole[0], 4);
	assert_int_equal(line->whole[1], 136);
	assert_int_equal(line->whole[2], 0);
	assert_int_equal(line->sum, 140);
	assert_int_equal(line->total[0], 3);
	assert_int_equal(line->self[0], 3);
	assert_int_equal(line->total[1], 5 + 7 + 11 + 13);
	assert_int_equal(line->self[1], 7 + 11 + 13);
	assert_int_equal(line->total[60 + 1], 5 + 7 + 11); /* main */
	assert_int_equal(line->self[60 + 1], 0);
	assert_int_equal(line->total[120 + 1], 0); /* nobody */
	share_fini(&share);
}

static void each_group_has_a_line(void **state)
{
	const struct view work = VIEW("work");
	struct share share = ask(&work, 1, true);

	assert_int_equal(share.n_lines, 2);
	assert_view_equal(groups_value(&share.groups, share.lines[0].group, 0), "a");
	assert_int_equal(share.lines[0].total[1], 12);
	assert_int_equal(share.lines[0].whole[1], 112);
	assert_int_equal(share.lines[1].total[1], 24);
	assert_int_equal(share.lines[1].whole[0], 0);
	share_fini(&share);
}

static void what_comes_later_is_known_too(void **state)
{
	const struct view late = VIEW("late");
	struct share share;

	kept_add(store, (struct kept){ .pod = "c", .at_s = 600 }, "main;late;deep|2");
	share = ask(&late, 1, false);
	assert_int_equal(share.lines[0].total[10], 2);
	assert_int_equal(share.lines[0].self[10], 0);
	share_fini(&share);
}

static void nonsense_is_refused(void **state)
{
	struct store_select select = kept_select();
	const struct view work = VIEW("work");
	struct share_options options = { .select = &select, .step_ns = STEP, .functions = &work };
	struct share share;

	assert_int_equal(share_make(store, &options, &share, NULL), ERR_USAGE);
	share_fini(&share);
	options.n_functions = 1;
	options.step_ns = 1;
	assert_int_equal(share_make(store, &options, &share, NULL), ERR_USAGE);
	share_fini(&share);
}

static void what_lives_has_its_mean(void **state)
{
	const struct view function = VIEW("work");
	struct store_select select = kept_select_living();
	struct share_options options = {
		.select = &select, .step_ns = STEP, .functions = &function, .n_functions = 1
	};
	struct store *living;
	struct share share;

	assert_int_equal(store_mem_open(&living, NULL), 0);
	for (int i = 0; i < 4; i++)
		kept_add(living, (struct kept){ .name = "memory", .pod = "a", .at_s = i * 30 },
			i % 2 ? "main;work|100" : "main;work;leaf|300\nmain|10");
	kept_add(living, (struct kept){ .name = "memory", .pod = "b", .at_s = 30 }, "work|1000");
	assert_int_equal(share_make(living, &options, &share, NULL), 0);
	assert_int_equal(share.lines[0].whole[0], 205 + 1000);
	assert_int_equal(share.lines[0].whole[1], 205);
	assert_int_equal(share.lines[0].total[0], 200 + 1000);
	assert_int_equal(share.lines[0].self[0], 50 + 1000);
	assert_int_equal(share.lines[0].self[1], 50);
	assert_int_equal(share.lines[0].whole[2], 0);
	share_fini(&share);
	store_close(living);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_counts_once_in_a_sample),
		cmocka_unit_test(each_group_has_a_line),
		cmocka_unit_test(what_comes_later_is_known_too),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(what_lives_has_its_mean),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
