/* test_gather_name: what was gathered has its names, and the labels of its groups. */
#include "testing.h"

#include "query/folded_of.h"
#include "query/gather.h"
#include "query/kept_profiles.h"

static void samples_have_the_labels_of_their_groups(void **state)
{
	const struct view group[] = { VIEW("host"), VIEW("pod") };
	struct store_select select = kept_select();
	const struct gather_options options = { .select = &select, .group = group, .n_group = 2 };
	struct profile *profile;
	struct store *store;
	BUF_AUTO text = { 0 };

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .host = "h1", .pod = "a" }, "main;work|1");
	kept_add(store, (struct kept){ .host = "h1", .pod = "b" }, "main;work|2");
	kept_add(store, (struct kept){ .host = "h1", .pod = "b", .at_s = 9 }, "main;work|4\nx|8");
	kept_add(store, (struct kept){ .pod = "b" }, "main;work|16");
	assert_int_equal(gather(store, &options, &profile, NULL, NULL), 0);
	folded_of(profile, &text);
	buf_add_char(&text, '\0');
	assert_string_equal(text.at, "host=h1 pod=a main;work 1\nhost=h1 pod=b main;work 6\n"
				     "host=h1 pod=b x 8\npod=b main;work 16\n");
	profile_free(profile);
	store_close(store);
}

static void groups_may_be_frames(void **state)
{
	const struct view group[] = { VIEW("pod"), VIEW("zone") };
	struct store_select select = kept_select();
	const struct gather_options options = {
		.select = &select, .group = group, .n_group = 2, .group_as_frames = true
	};
	struct profile *profile;
	struct store *store;
	BUF_AUTO text = { 0 };

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .pod = "a" }, "main;work|1");
	kept_add(store, (struct kept){ .pod = "b" }, "main;work|2\nx|4");
	assert_int_equal(gather(store, &options, &profile, NULL, NULL), 0);
	folded_of(profile, &text);
	buf_add_char(&text, '\0');
	assert_string_equal(text.at, "a;(no zone);main;work 1\nb;(no zone);main;work 2\n"
				     "b;(no zone);x 4\n");
	profile_free(profile);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_have_the_labels_of_their_groups),
		cmocka_unit_test(groups_may_be_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
