/* test_groups: series are told apart by what their labels say, however it is spelled. */
#include "testing.h"

#include "query/groups.h"

static struct store_series series_of(
	uint64_t id, struct store_label labels[2], const char *a, const char *b)
{
	labels[0] = (struct store_label){ VIEW("a"), view_of(a) };
	labels[1] = (struct store_label){ VIEW("b"), view_of(b) };
	return (struct store_series){ .id = id, .labels = { labels, 2 } };
}

static uint32_t group_of(struct groups *groups, uint64_t id, const char *a, const char *b)
{
	struct store_label labels[2];
	struct store_series series = series_of(id, labels, a, b);
	bool is_new;

	return groups_of(groups, &series, &is_new);
}

static void equal_values_are_one_group(void **state)
{
	const struct view labels[] = { VIEW("a") };
	struct groups groups;

	assert_int_equal(groups_init(&groups, labels, 1, NULL), 0);
	assert_int_equal(group_of(&groups, 1, "x", "1"), 0);
	assert_int_equal(group_of(&groups, 2, "y", "1"), 1);
	assert_int_equal(group_of(&groups, 3, "x", "2"), 0);
	assert_int_equal(groups.n, 2);
	assert_view_equal(groups_value(&groups, 0, 0), "x");
	assert_view_equal(groups_value(&groups, 1, 0), "y");
	groups_fini(&groups);
}

static void values_do_not_run_into_each_other(void **state)
{
	const struct view labels[] = { VIEW("a"), VIEW("b"), VIEW("c") };
	struct groups groups;

	assert_int_equal(groups_init(&groups, labels, 3, NULL), 0);
	assert_int_equal(group_of(&groups, 1, "xy", "z"), 0);
	assert_int_equal(group_of(&groups, 2, "x", "yz"), 1);
	assert_int_equal(group_of(&groups, 3, "", "xyz"), 2);
	assert_view_equal(groups_value(&groups, 1, 0), "x");
	assert_view_equal(groups_value(&groups, 1, 1), "yz");
	assert_view_equal(groups_value(&groups, 2, 0), "");
	assert_view_equal(groups_value(&groups, 2, 1), "xyz");
	assert_view_equal(groups_value(&groups, 2, 2), ""); /* no series has that label */
	groups_fini(&groups);
}

static void without_labels_all_are_one(void **state)
{
	struct groups groups;
	struct store_label labels[2];
	struct store_series series = series_of(1, labels, "x", "y");
	bool is_new;

	assert_int_equal(groups_init(&groups, NULL, 0, NULL), 0);
	assert_int_equal(groups_of(&groups, &series, &is_new), 0);
	assert_true(is_new);
	assert_int_equal(group_of(&groups, 2, "z", ""), 0);
	assert_int_equal(groups.n, 1);
	assert_view_equal(groups_value(&groups, 0, 0), "");
	groups_fini(&groups);
}

static void there_is_an_end_to_labels(void **state)
{
	struct view labels[GROUPS_LABELS_MAX + 1] = { 0 };
	struct groups groups;

	assert_int_equal(groups_init(&groups, labels, GROUPS_LABELS_MAX + 1, NULL), ERR_USAGE);
	groups_fini(&groups);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_values_are_one_group),
		cmocka_unit_test(values_do_not_run_into_each_other),
		cmocka_unit_test(without_labels_all_are_one),
		cmocka_unit_test(there_is_an_end_to_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
