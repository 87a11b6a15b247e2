/* test_profile_add: equal samples are one sample, and sums do not wrap. */
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

static void one_stack_with_other_labels_is_another_sample(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct label label = { .key = profile_string(p, VIEW("thread")), .num = 1 };
	uint32_t labels[3] = { 0 };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (int i = 1; i < 3; i++, label.num++)
		labels[i] = profile_labels(p, &label, 1);
	for (int i = 0; i < 30; i++)
		profile_add(p, STACK_EMPTY, labels[i % 3], (int64_t[]){ i % 3 });
	assert_int_equal(p->n_samples, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(p->values[i], 10 * i);
}

static void values_saturate(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ INT64_MAX });
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ 1 });
	assert_true(profile_total(p, 0) == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_are_one_sample),
		cmocka_unit_test(one_stack_with_other_labels_is_another_sample),
		cmocka_unit_test(values_saturate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
