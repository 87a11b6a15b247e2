/* test_accounting: the equation survives its journey through a comment. */
#include "testing.h"

#include "model/accounting.h"

static void survives_the_comment(void **state)
{
	struct accounting a = {
		.known = true, .attempted = 10, .complete = 6, .hz = 99, .cpus = 2
	};
	struct accounting back;
	BUF_AUTO line = { 0 };

	a.truncated[TRUNCATED_DEPTH] = 1;
	a.lost[LOST_RING_FULL] = 3;
	a.whole_host = true;
	accounting_to_comment(&a, &line);
	assert_true(accounting_from_comment(buf_view(&line), &back));
	assert_memory_equal(&a, &back, sizeof(a));
}

static void a_comment_that_does_not_balance_is_not_believed(void **state)
{
	struct accounting back;

	assert_false(
		accounting_from_comment(VIEW("flyover.capture attempted=10 complete=9"), &back));
	assert_false(accounting_from_comment(
		VIEW("flyover.capture attempted=10 complete=9 lost.moon=1"), &back));
	assert_false(accounting_from_comment(VIEW("flyover.capture attempted=x"), &back));
	assert_false(accounting_from_comment(VIEW("a comment"), &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survives_the_comment),
		cmocka_unit_test(a_comment_that_does_not_balance_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
