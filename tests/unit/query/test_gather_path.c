/* test_gather_path: below a path all is there, beside it is one frame, and sums hold. */
#include "testing.h"

#include "query/folded_of.h"
#include "query/gather.h"
#include "query/kept_profiles.h"

static struct store *store;

static int start(void **state)
{
	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .pod = "a" },
		"main;work;deep;a|1\nmain;work;deep;b|2\nmain;work|4\nmain;wait;x|8\nidle|16");
	kept_add(store, (struct kept){ .pod = "b", .at_s = 3 }, "main;work;deep;a|32\nmain|64");
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	return 0;
}

static int ask(const struct gather_options *how, struct buf *ret, struct gather_figures *figures)
{
	struct store_select select = kept_select();
	struct gather_options options = *how;
	struct profile *profile;
	int rc;

	options.select = &select;
	rc = gather(store, &options, &profile, figures, NULL);
	if (rc == 0)
		folded_of(profile, ret);
	profile_free(profile);
	return rc;
}

static void says(const struct gather_options *how, const char *folded)
{
	struct gather_figures figures;
	BUF_AUTO text = { 0 };

	assert_int_equal(ask(how, &text, &figures), 0);
	buf_add_char(&text, '\0');
	assert_string_equal(text.at, folded);
}

static void beside_the_path_is_one_frame(void **state)
{
	const struct view path[] = { VIEW("main"), VIEW("work") };

	says(&(struct gather_options){ .path = path, .n_path = 2 },
		"main 64\nmain;other 8\nmain;work 4\nmain;work;deep;a 33\nmain;work;deep;b 2\n"
		"other 16\n");
}

static void only_what_is_below_is_cut(void **state)
{
	const struct view path[] = { VIEW("main"), VIEW("work") };
	struct gather_figures figures;
	BUF_AUTO text = { 0 };
	const struct gather_options how = { .path = path, .n_path = 2, .nodes_max = 3 };

	says(&how, "main 64\nmain;other 8\nmain;work 4\nmain;work;deep;a 33\n"
		   "main;work;deep;other 2\nother 16\n");
	assert_int_equal(ask(&how, &text, &figures), 0);
	assert_int_equal(figures.nodes, 4); /* work, deep, a, b */
	assert_int_equal(figures.nodes_cut, 1);
}

static void a_path_that_is_not_there_is_said_so(void **state)
{
	const struct view path[] = { VIEW("main"), VIEW("deep") };
	BUF_AUTO text = { 0 };

	assert_int_equal(ask(&(struct gather_options){ .path = path, .n_path = 2 }, &text, NULL),
		ERR_NOT_FOUND);
	assert_int_equal(ask(&(struct gather_options){ .path = path, .n_path = 4000 }, &text, NULL),
		ERR_USAGE);
}

static void groups_are_the_first_names_of_a_path(void **state)
{
	const struct view group = VIEW("pod"), path[] = { VIEW("b"), VIEW("main") };
	const struct gather_options how = {
		.path = path, .n_path = 2, .group = &group, .n_group = 1
	};

	says(&how, "pod=a other 31\npod=b main 64\npod=b main;work;deep;a 32\n");
	says(&(struct gather_options){ .path = path, .n_path = 1, .group = &group, .n_group = 1 },
		"pod=a other 31\npod=b main 64\npod=b main;work;deep;a 32\n");
}

static void the_smallest_groups_are_one(void **state)
{
	const struct view group = VIEW("pod");
	struct gather_figures figures;
	BUF_AUTO text = { 0 };
	const struct gather_options how = { .group = &group, .n_group = 1, .groups_max = 1 };

	says(&how, "pod=(others) idle 16\npod=(others) main;wait;x 8\npod=(others) main;work 4\n"
		   "pod=(others) main;work;deep;a 1\npod=(others) main;work;deep;b 2\n"
		   "pod=b main 64\npod=b main;work;deep;a 32\n");
	assert_int_equal(ask(&how, &text, &figures), 0);
	assert_int_equal(figures.groups, 2);
	assert_int_equal(figures.groups_joined, 1);
}

static void a_label_that_nobody_has_changes_nothing(void **state)
{
	const struct view group = VIEW("zone"), path[] = { VIEW("(no zone)"), VIEW("idle") };

	says(&(struct gather_options){ .path = path, .n_path = 2, .group = &group, .n_group = 1 },
		"idle 16\nother 111\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside_the_path_is_one_frame),
		cmocka_unit_test(only_what_is_below_is_cut),
		cmocka_unit_test(a_path_that_is_not_there_is_said_so),
		cmocka_unit_test(groups_are_the_first_names_of_a_path),
		cmocka_unit_test(the_smallest_groups_are_one),
		cmocka_unit_test(a_label_that_nobody_has_changes_nothing),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
