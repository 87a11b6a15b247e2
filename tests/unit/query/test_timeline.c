/* test_timeline: every value is at its place in time and on its line. */
#include "testing.h"

#include "query/kept_profiles.h"
#include "query/timeline.h"
#include "store/store_mem.h"
#include "store/workload.h"

#define ENTRIES 120
#define STEP (60 * WORKLOAD_SECOND)

static struct workload_entry entries[ENTRIES];
static struct store *store;

static int start(void **state)
{
	uint32_t seed = 11;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (size_t i = 0; i < ENTRIES; i++) {
		workload_make(&entries[i], &seed, 3600);
		assert_int_equal(workload_append(store, &entries[i].entry, 1, NULL), 0);
	}
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	for (size_t i = 0; i < ENTRIES; i++)
		workload_free(&entries[i]);
	return 0;
}

static int64_t expected(const char *service, size_t point)
{
	int64_t from_ns = WORKLOAD_START + (int64_t)point * STEP, sum = 0;

	for (size_t i = 0; i < ENTRIES; i++) {
		const struct profile *profile = entries[i].profile;

		if (entries[i].entry.tenant.len || profile->time_ns < from_ns ||
			profile->time_ns >= from_ns + STEP ||
			(service[0] && strcmp(entries[i].service, service) != 0))
			continue;
		for (size_t k = 0; k < profile->n_samples; k++)
			sum += profile->values[k * profile->n_types];
	}
	return sum;
}

static struct timeline draw(const char *first, const char *second)
{
	struct view group[] = { view_of(first), view_of(second) };
	struct store_select select = { .type = workload_type(0),
		.from_ns = WORKLOAD_START,
		.to_ns = WORKLOAD_START + 3600 * WORKLOAD_SECOND };
	struct timeline_options options = { .select = &select,
		.step_ns = STEP,
		.group = group,
		.n_group = (size_t)(first != NULL) + (second != NULL) };
	struct timeline timeline;

	assert_int_equal(timeline_make(store, &options, &timeline, NULL), 0);
	assert_int_equal(timeline.n_points, 60);
	return timeline;
}

static void all_series_make_one_line(void **state)
{
	struct timeline timeline = draw(NULL, NULL);

	assert_int_equal(timeline.n_lines, 1);
	for (size_t i = 0; i < 60; i++)
		assert_true(timeline.lines[0].points[i] == expected("", i));
	timeline_fini(&timeline);
}

static void each_value_of_a_label_has_its_line(void **state)
{
	struct timeline timeline = draw("service_name", NULL);

	assert_int_equal(timeline.n_lines, 3);
	assert_true(timeline.lines[0].total >= timeline.lines[1].total);
	for (size_t line = 0; line < 3; line++)
		for (size_t i = 0; i < 60; i++)
			assert_true(timeline.lines[line].points[i] ==
				    expected(timeline.lines[line].value.at, i));
	timeline_fini(&timeline);
}

static void two_labels_make_a_line_for_each_pair(void **state)
{
	struct timeline timeline = draw("service_name", "pod");
	struct timeline one = draw(NULL, NULL);
	int64_t total = 0;
	uint64_t profiles = 0;

	assert_int_equal(timeline.n_lines, 9);
	for (size_t i = 0; i < timeline.n_lines; i++) {
		struct view service = groups_value(&timeline.groups, timeline.lines[i].group, 0);

		assert_true(view_equal(service, timeline.lines[i].value));
		assert_true(view_starts(service, VIEW("service-")));
		assert_true(timeline.lines[i].series == 1);
		total += timeline.lines[i].total;
		profiles += timeline.lines[i].profiles;
	}
	assert_true(total == one.lines[0].total);
	assert_true(profiles == one.lines[0].profiles);
	assert_true(one.lines[0].series == 9);
	timeline_fini(&timeline);
	timeline_fini(&one);
}

static void too_many_points_are_refused(void **state)
{
	struct store_select select = { .type = workload_type(0), .to_ns = 86400 * WORKLOAD_SECOND };
	struct timeline_options options = { .select = &select, .step_ns = WORKLOAD_SECOND };
	struct timeline timeline;
	struct err err = { 0 };

	assert_int_equal(timeline_make(store, &options, &timeline, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "86400 points; the limit is 11000"));
	timeline_fini(&timeline);
	options.step_ns = 0;
	assert_int_equal(timeline_make(store, &options, &timeline, NULL), ERR_USAGE);
	timeline_fini(&timeline);
}

static void steps_are_round(void **state)
{
	assert_int_equal(timeline_step(3600 * WORKLOAD_SECOND, 300), 15 * WORKLOAD_SECOND);
	assert_int_equal(timeline_step(60 * WORKLOAD_SECOND, 300), WORKLOAD_SECOND);
	assert_int_equal(timeline_step(86400 * WORKLOAD_SECOND, 300), 300 * WORKLOAD_SECOND);
	assert_int_equal(
		timeline_step(365 * 86400 * WORKLOAD_SECOND, 100), 4 * 86400 * WORKLOAD_SECOND);
}

static void what_lives_has_its_mean_at_each_point(void **state)
{
	const struct view pod = VIEW("pod");
	struct store_select select = kept_select_living();
	struct timeline_options options = { .select = &select, .step_ns = STEP / 4 };
	struct timeline timeline;
	struct store *living;

	assert_int_equal(store_mem_open(&living, NULL), 0);
	for (int i = 0; i < 4; i++) {
		kept_add(living, (struct kept){ .name = "memory", .pod = "a", .at_s = i * 30 },
			i % 2 ? "main|100" : "main|300");
		kept_add(living, (struct kept){ .name = "memory", .pod = "b", .at_s = i * 30 + 7 },
			"main|1000");
	}
	assert_int_equal(timeline_make(living, &options, &timeline, NULL), 0);
	for (size_t i = 0; i < 8; i++) /* two steps from one to the next */
		assert_int_equal(timeline.lines[0].points[i], i / 2 % 2 ? 1100 : 1300);
	assert_int_equal(timeline.lines[0].points[8], 0);
	assert_int_equal(timeline.lines[0].total, 1200);
	timeline_fini(&timeline);
	options = (struct timeline_options){
		.select = &select, .step_ns = STEP, .group = &pod, .n_group = 1
	};
	assert_int_equal(timeline_make(living, &options, &timeline, NULL), 0);
	assert_int_equal(timeline.n_lines, 2);
	assert_int_equal(timeline.lines[0].total, 1000);
	assert_int_equal(timeline.lines[1].total, 200);
	assert_int_equal(timeline.lines[1].points[0], 200);
	assert_int_equal(timeline.lines[1].points[1], 200);
	timeline_fini(&timeline);
	store_close(living);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_series_make_one_line),
		cmocka_unit_test(each_value_of_a_label_has_its_line),
		cmocka_unit_test(two_labels_make_a_line_for_each_pair),
		cmocka_unit_test(too_many_points_are_refused),
		cmocka_unit_test(steps_are_round),
		cmocka_unit_test(what_lives_has_its_mean_at_each_point),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
