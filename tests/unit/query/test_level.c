/* test_level: what there is has a mean over time, and processes add up. */
#include "testing.h"

#include "query/kept_profiles.h"
#include "query/level.h"

static struct store_type type_of(const char *name, const char *type, const char *unit)
{
	return (struct store_type){
		.name = view_of(name), .type = view_of(type), .unit = view_of(unit)
	};
}

static void what_there_is_is_a_level(void **state)
{
	static const char *const levels[][3] = { { "memory", "inuse_space", "bytes" },
		{ "memory", "inuse_objects", "count" }, { "memory", "space", "bytes" },
		{ "goroutine", "goroutine", "count" }, { "goroutines", "goroutine", "count" },
		{ "threads", "threads", "count" } };
	static const char *const others[][3] = { { "memory", "alloc_space", "bytes" },
		{ "process_cpu", "cpu", "nanoseconds" }, { "process_cpu", "samples", "count" },
		{ "block", "delay", "nanoseconds" }, { "other", "space", "bytes" },
		{ "", "", "" } };

	for (size_t i = 0; i < 6; i++) {
		struct store_type yes = type_of(levels[i][0], levels[i][1], levels[i][2]);
		struct store_type no = type_of(others[i][0], others[i][1], others[i][2]);

		assert_true(level_is(&yes));
		assert_false(level_is(&no));
	}
}

static int add_mean(void *owner, const struct store_part *part)
{
	void **both = owner;
	int64_t *sum = both[1];

	*sum += level_parts(part->total, level_weight(both[0], part->series->id));
	return 0;
}

static int64_t mean_of(struct store *store)
{
	struct store_select select = kept_select_living();
	struct level level;
	int64_t sum = 0;
	struct store_scan scan = { .select = &select,
		.part = add_mean,
		.apart = true,
		.owner = (void *[]){ &level, &sum } };

	assert_int_equal(level_init(&level, store, &select, NULL), 0);
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	level_settle(&sum, 1);
	level_fini(&level);
	return sum;
}

static void a_series_has_its_mean_and_series_add_up(void **state)
{
	struct store *store;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	kept_add(store, (struct kept){ .name = "memory", .pod = "a", .at_s = 0 }, "main|100");
	assert_int_equal(mean_of(store), 100);
	kept_add(store, (struct kept){ .name = "memory", .pod = "a", .at_s = 60 }, "main|200");
	assert_int_equal(mean_of(store), 150);
	kept_add(store, (struct kept){ .name = "memory", .pod = "b", .at_s = 0 }, "main|1000");
	kept_add(store, (struct kept){ .name = "memory", .pod = "b", .at_s = 30 }, "main|1000");
	kept_add(store, (struct kept){ .name = "memory", .pod = "b", .at_s = 60 }, "main|4000");
	assert_int_equal(mean_of(store), 150 + 2000);
	store_close(store);
}

/* One process takes the place of another in the middle: there is never more than one. */
static void who_was_there_for_half_the_time_counts_half(void **state)
{
	struct store *store;
	int64_t mean;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (int i = 0; i < 100; i++)
		kept_add(store,
			(struct kept){
				.name = "memory", .pod = i < 50 ? "a" : "b", .at_s = i * 10 },
			"main|1000");
	mean = mean_of(store);
	assert_in_range(mean, 990, 1030);
	store_close(store);
}

static void rounding_keeps_the_sum(void **state)
{
	int64_t values[300], sum = 0;

	for (size_t i = 0; i < 300; i++)
		values[i] = (i % 3 ? 1 : -1) * (LEVEL_PARTS / 4);
	level_settle(values, 300);
	for (size_t i = 0; i < 300; i++)
		sum += values[i];
	assert_int_equal(sum, 25);
	assert_true(level_parts(INT64_MAX, LEVEL_PARTS) == INT64_MAX);
	assert_true(level_parts(INT64_MIN, LEVEL_PARTS) == INT64_MIN);
	assert_int_equal(level_parts(-3, LEVEL_PARTS / 2.0), -3 * LEVEL_PARTS / 2);
	values[0] = INT64_MAX;
	level_settle(values, 1);
	assert_true(values[0] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_there_is_is_a_level),
		cmocka_unit_test(a_series_has_its_mean_and_series_add_up),
		cmocka_unit_test(who_was_there_for_half_the_time_counts_half),
		cmocka_unit_test(rounding_keeps_the_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
