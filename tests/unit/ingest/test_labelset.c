/* test_labelset: sorted, each once, sayable. */
#include "testing.h"

#include <stdio.h>

#include "ingest/labelset.h"

static void labels_are_sorted_and_each_there_once(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct labelset set;

	labelset_init(&set, &arena);
	labelset_set(&set, VIEW("b"), VIEW("1"));
	labelset_set(&set, VIEW("a"), VIEW("2"));
	labelset_set(&set, VIEW("b"), VIEW("3"));
	labelset_set(&set, VIEW("c"), VIEW("4"));
	labelset_set(&set, VIEW("c"), VIEW(""));
	assert_int_equal(set.n, 2);
	assert_view_equal(set.at[0].name, "a");
	assert_view_equal(set.at[1].value, "3");
	assert_view_equal(labelset_find(&set, "a"), "2");
	assert_int_equal(labelset_find(&set, "c").len, 0);
	labelset_remove(&set, "a");
	assert_int_equal(labelset_view(&set).n, 1);
}

static void names_become_what_promql_can_say(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct labelset set;

	labelset_init(&set, &arena);
	labelset_set(&set, VIEW("otel.scope-name"), VIEW("x"));
	labelset_set(&set, VIEW("9lives"), VIEW("y"));
	labelset_set(&set, VIEW("\xc3\xa4"), VIEW("z"));
	assert_view_equal(labelset_find(&set, "otel_scope_name"), "x");
	assert_view_equal(labelset_find(&set, "_9lives"), "y");
	assert_view_equal(labelset_find(&set, "__"), "z");
}

static void a_full_set_takes_no_more(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct labelset set;
	char name[16];

	labelset_init(&set, &arena);
	for (int i = 0; i < LABELSET_MAX; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		assert_true(labelset_set(&set, view_of(name), VIEW("v")));
	}
	assert_false(labelset_set(&set, VIEW("more"), VIEW("v")));
	assert_true(labelset_set(&set, VIEW("l7"), VIEW("w")));
}

static void the_order_of_adding_does_not_matter_for_the_hash(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct labelset a, b;

	labelset_init(&a, &arena);
	labelset_init(&b, &arena);
	labelset_set(&a, VIEW("x"), VIEW("1")), labelset_set(&a, VIEW("y"), VIEW("2"));
	labelset_set(&b, VIEW("y"), VIEW("2")), labelset_set(&b, VIEW("x"), VIEW("1"));
	assert_true(labelset_hash(&a) == labelset_hash(&b));
	labelset_set(&b, VIEW("x"), VIEW("2"));
	assert_false(labelset_hash(&a) == labelset_hash(&b));
}

static void what_is_too_much_is_named(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct limits limits;
	struct labelset set;
	struct refusal refusal = { 0 };

	limits_defaults(&limits);
	limits.labels = 1;
	limits.label_value_bytes = 3;
	labelset_init(&set, &arena);
	labelset_set(&set, VIEW("pod"), VIEW("abc"));
	assert_int_equal(labelset_check(&set, &limits, &refusal), 0);
	labelset_set(&set, VIEW("pod"), VIEW("abcd"));
	assert_true(labelset_check(&set, &limits, &refusal) < 0);
	assert_non_null(strstr(refusal.text, "'pod' has a value of 4 bytes; the limit is 3 "
					     "(limits.label_value_bytes)"));
	labelset_set(&set, VIEW("zone"), VIEW("a"));
	assert_true(labelset_check(&set, &limits, &refusal) < 0);
	assert_non_null(strstr(refusal.text, "(limits.labels); the last is 'zone'"));
	assert_int_equal(refusal.status, 422);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_sorted_and_each_there_once),
		cmocka_unit_test(names_become_what_promql_can_say),
		cmocka_unit_test(a_full_set_takes_no_more),
		cmocka_unit_test(the_order_of_adding_does_not_matter_for_the_hash),
		cmocka_unit_test(what_is_too_much_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
