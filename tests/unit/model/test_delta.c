/* test_delta: the second less the first. */
#include "model/delta.h"
#include "testing.h"

static struct profile *snapshot(int64_t time_ns, const char *const *names, const int64_t *values)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("objects"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("space"), VIEW("bytes"), NULL);
	p->time_ns = time_ns;
	for (int i = 0; names[i]; i++)
		profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, view_of(names[i]))), 0,
			&values[2 * i]);
	return p;
}

static void what_did_not_change_is_not_there(void **state)
{
	PROFILE_AUTO first = snapshot(
		100, (const char *[]){ "same", "grew", NULL }, (int64_t[]){ 3, 30, 1, 10 });
	PROFILE_AUTO second = snapshot(350, (const char *[]){ "grew", "same", "new", NULL },
		(int64_t[]){ 4, 40, 3, 30, 2, 20 });
	PROFILE_AUTO delta = NULL;

	assert_int_equal(delta_of(first, second, &delta, NULL), 0);
	assert_int_equal(delta->n_samples, 2);
	assert_int_equal(delta->values[0], 3);
	assert_int_equal(delta->values[1], 30);
	assert_int_equal(delta->values[2], 2);
	assert_int_equal(delta->values[3], 20);
	assert_int_equal(delta->time_ns, 350);
	assert_int_equal(delta->duration_ns, 250);
}

static void what_went_is_negative(void **state)
{
	PROFILE_AUTO first = snapshot(1, (const char *[]){ "gone", NULL }, (int64_t[]){ 5, 50 });
	PROFILE_AUTO second = snapshot(2, (const char *[]){ NULL }, NULL);
	PROFILE_AUTO delta = NULL;

	assert_int_equal(delta_of(first, second, &delta, NULL), 0);
	assert_int_equal(delta->n_samples, 1);
	assert_int_equal(delta->values[1], -50);
}

static void counts_of_samples_are_subtracted_too(void **state)
{
	PROFILE_AUTO first = snapshot(1, (const char *[]){ NULL }, NULL);
	PROFILE_AUTO second = snapshot(2, (const char *[]){ NULL }, NULL);
	PROFILE_AUTO delta = NULL;

	first->accounting = (struct accounting){ .known = true, .attempted = 5, .complete = 5 };
	second->accounting = (struct accounting){
		.known = true, .attempted = 12, .complete = 10, .lost[LOST_NO_MEMORY] = 2
	};
	assert_int_equal(delta_of(first, second, &delta, NULL), 0);
	assert_int_equal(delta->accounting.attempted, 7);
	assert_int_equal(delta->accounting.complete, 5);
	assert_true(accounting_balances(&delta->accounting));
}

static void other_types_have_no_difference(void **state)
{
	PROFILE_AUTO first = profile_new();
	PROFILE_AUTO second = snapshot(2, (const char *[]){ NULL }, NULL);
	PROFILE_AUTO delta = NULL;
	struct err err;

	assert_int_equal(delta_of(first, second, &delta, &err), ERR_USAGE);
	assert_null(delta);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_did_not_change_is_not_there),
		cmocka_unit_test(what_went_is_negative),
		cmocka_unit_test(counts_of_samples_are_subtracted_too),
		cmocka_unit_test(other_types_have_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
