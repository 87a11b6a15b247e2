/* test_split: series out of samples' labels. */
#include "testing.h"

#include <stdio.h>

#include "ingest/ingest_samples.h"
#include "ingest/split.h"

static struct limits limits;

static int start(void **state)
{
	limits_defaults(&limits);
	return 0;
}

static void add(struct profile *profile, const char *key, const char *value, const char *trace)
{
	struct label labels[2] = {
		{ .key = profile_string(profile, view_of(key)),
			.str = profile_string(profile, view_of(value)) },
		{ .key = profile_string(profile, VIEW("trace_id")),
			.str = profile_string(profile, view_of(trace)) },
	};

	profile_add(profile, profile_push(profile, 0, profile_named(profile, VIEW("f"))),
		profile_labels(profile, labels, trace[0] ? 2 : 1), &(int64_t){ 1 });
}

static struct profile *new_profile(void)
{
	struct profile *profile = profile_new();

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	return profile;
}

static void init_base(struct labelset *base, struct arena *arena)
{
	labelset_init(base, arena);
	labelset_set(base, VIEW("service_name"), VIEW("shop"));
}

static void without_labels_there_is_one_series_of_all_samples(void **state)
{
	ARENA_AUTO arena = { 0 };
	PROFILE_AUTO profile = new_profile();
	struct labelset base;
	struct split split;

	init_base(&base, &arena);
	profile_add(profile, 0, 0, &(int64_t){ 1 });
	assert_true(split_samples(profile, &base, false, &limits, &split));
	assert_int_equal(split.n_groups, 1);
	assert_null(split.groups[0].samples);
}

static void text_labels_make_series_and_traces_do_not(void **state)
{
	ARENA_AUTO arena = { 0 };
	PROFILE_AUTO profile = new_profile();
	struct labelset base;
	struct split split;

	init_base(&base, &arena);
	add(profile, "user", "ann", "t1");
	add(profile, "user", "ann", "t2");
	add(profile, "user", "bob", "");
	add(profile, "service_name", "impostor", "");
	assert_true(split_samples(profile, &base, false, &limits, &split));
	assert_int_equal(split.n_groups, 3);
	assert_int_equal(split.groups[0].n_samples, 2);
	assert_view_equal(labelset_find(&split.groups[0].labels, "user"), "ann");
	assert_view_equal(labelset_find(&split.groups[1].labels, "user"), "bob");
	assert_int_equal(split.groups[1].samples[0], 2);
	assert_view_equal(labelset_find(&split.groups[2].labels, "service_name"), "shop");
}

static void samples_may_count_more_than_the_whole(void **state)
{
	ARENA_AUTO arena = { 0 };
	PROFILE_AUTO profile = new_profile();
	struct labelset base;
	struct split split;

	init_base(&base, &arena);
	add(profile, "user", "ann", "");
	add(profile, "service_name", "till", "");
	assert_true(split_samples(profile, &base, true, &limits, &split));
	assert_int_equal(split.n_groups, 2);
	assert_view_equal(labelset_find(&split.groups[0].labels, "service_name"), "shop");
	assert_view_equal(labelset_find(&split.groups[1].labels, "service_name"), "till");
}

static void the_label_with_the_most_values_is_left_out_first(void **state)
{
	ARENA_AUTO arena = { 0 };
	PROFILE_AUTO profile = new_profile();
	struct labelset base;
	struct split split;
	char value[16];

	init_base(&base, &arena);
	limits.profile_series = 10;
	for (int i = 0; i < 1000; i++) {
		snprintf(value, sizeof(value), "v%d", i);
		add(profile, i % 2 ? "request" : "shard", i % 2 ? value : i % 4 ? "a" : "b", "");
	}
	assert_true(split_samples(profile, &base, false, &limits, &split));
	assert_int_equal(split.n_left_out, 1);
	assert_view_equal(split.left_out, "request");
	assert_int_equal(split.n_groups, 3);
	limits_defaults(&limits);
}

static void labels_past_a_series_limit_are_left_out(void **state)
{
	ARENA_AUTO arena = { 0 };
	PROFILE_AUTO profile = new_profile();
	struct labelset base;
	struct split split;

	init_base(&base, &arena);
	limits.labels = 1;
	add(profile, "user", "ann", "");
	assert_true(split_samples(profile, &base, false, &limits, &split));
	assert_int_equal(split.groups[0].labels.n, 1);
	limits_defaults(&limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_labels_there_is_one_series_of_all_samples),
		cmocka_unit_test(text_labels_make_series_and_traces_do_not),
		cmocka_unit_test(samples_may_count_more_than_the_whole),
		cmocka_unit_test(the_label_with_the_most_values_is_left_out_first),
		cmocka_unit_test(labels_past_a_series_limit_are_left_out),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
