/* test_pyroscope_grouping: series are told apart by what is asked for, and by nothing else. */
#include "testing.h"

#include "server/pyroscope_grouping.h"

static const struct store_type cpu = { VIEW("process_cpu"), VIEW("cpu"), VIEW("nanoseconds"),
	VIEW("cpu"), VIEW("nanoseconds") };

static uint32_t group_of(struct pyroscope_grouping *grouping, const char *region, const char *pod)
{
	struct store_label labels[] = { { VIEW("pod"), view_of(pod) },
		{ VIEW("region"), view_of(region) } };
	struct store_series series = { .labels = { labels, 2 }, .types = &cpu, .n_types = 1 };

	return pyroscope_grouping_of(grouping, &series);
}

static void the_same_values_are_one_group(void **state)
{
	struct pyroscope_texts names = { { VIEW("region"), VIEW("__type__"), VIEW("nowhere") }, 3 };
	struct pyroscope_grouping grouping = { .names = &names, .type = &cpu };
	struct view labels;

	assert_int_equal(group_of(&grouping, "eu", "a"), 1);
	assert_int_equal(group_of(&grouping, "us", "a"), 2);
	assert_int_equal(group_of(&grouping, "eu", "b"), 1);
	labels = pyroscope_grouping_labels(&grouping, 2);
	assert_view_equal(pyroscope_grouping_value(labels, VIEW("region")), "us");
	assert_view_equal(pyroscope_grouping_value(labels, VIEW("__type__")), "cpu");
	assert_view_equal(pyroscope_grouping_value(labels, VIEW("nowhere")), "");
	assert_view_equal(pyroscope_grouping_value(labels, VIEW("pod")), "");
	pyroscope_grouping_fini(&grouping);
}

static void without_labels_there_is_one(void **state)
{
	struct pyroscope_texts none = { .n = 0 }, other = { { VIEW("other") }, 1 };
	struct pyroscope_grouping grouping = { .names = &none, .type = &cpu };

	assert_int_equal(group_of(&grouping, "eu", "a"), 0);
	assert_int_equal(group_of(&grouping, "us", "b"), 0);
	assert_int_equal(pyroscope_grouping_labels(&grouping, 0).len, 0);
	grouping.names = &other;
	assert_int_equal(group_of(&grouping, "us", "b"), 0);
	pyroscope_grouping_fini(&grouping);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_values_are_one_group),
		cmocka_unit_test(without_labels_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
