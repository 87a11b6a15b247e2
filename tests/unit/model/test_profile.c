/* test_profile: equal things are one thing, and sums do not wrap. */
#include "testing.h"

#include "model/profile.h"

static uint32_t stack_of(struct profile *p, const char *const *names)
{
	uint32_t stack = STACK_EMPTY;

	for (; *names; names++)
		stack = profile_push(p, stack, profile_named(p, view_of(*names)));
	return stack;
}

static void equal_stacks_are_one_sample(void **state)
{
	PROFILE_AUTO p = profile_new();
	const char *const a[] = { "main", "work", NULL }, *const b[] = { "main", "wait", NULL };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, stack_of(p, a), 0, (int64_t[]){ 1 });
	profile_add(p, stack_of(p, b), 0, (int64_t[]){ 1 });
	profile_add(p, stack_of(p, a), 0, (int64_t[]){ 2 });
	assert_int_equal(p->n_samples, 2);
	assert_int_equal(p->stacks.count, 4);
	assert_int_equal(profile_total(p, 0), 4);
	assert_false(p->failed);
}

static void labels_in_any_order_are_one_set(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t a = profile_string(p, VIEW("a")), b = profile_string(p, VIEW("b"));
	struct label ab[] = { { .key = a, .str = b }, { .key = b, .num = 7 } };
	struct label ba[] = { { .key = b, .num = 7 }, { .key = a, .str = b } };

	assert_int_equal(profile_labels(p, ab, 2), profile_labels(p, ba, 2));
	assert_int_not_equal(profile_labels(p, ab, 1), profile_labels(p, ba, 2));
	assert_int_equal(profile_labels(p, ab, 0), 0);
}

static void values_saturate(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ INT64_MAX });
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ 1 });
	assert_true(profile_total(p, 0) == INT64_MAX);
}

static void a_type_is_found_by_name_and_the_last_is_the_default(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	assert_int_equal(profile_find_type(p, VIEW("samples")), 0);
	assert_int_equal(profile_find_type(p, VIEW("")), 1);
	assert_int_equal(profile_find_type(p, VIEW("heap")), -1);
	p->default_type = profile_string(p, VIEW("samples"));
	assert_int_equal(profile_find_type(p, VIEW("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_are_one_sample),
		cmocka_unit_test(labels_in_any_order_are_one_set),
		cmocka_unit_test(values_saturate),
		cmocka_unit_test(a_type_is_found_by_name_and_the_last_is_the_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
