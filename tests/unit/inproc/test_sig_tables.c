/* test_sig_tables: readers and whoever replaces what they read. */
#include "inproc/sig_tables.h"
#include "testing.h"

static void a_reader_sees_what_was_set_and_is_counted(void **state)
{
	const struct sig_tables tables = { .generation = 3 };

	assert_null(sig_tables_enter());
	sig_tables_leave();
	sig_tables_set(&tables);
	assert_ptr_equal(sig_tables_enter(), &tables);
	assert_false(sig_tables_quiet());
	sig_tables_set(NULL);
	assert_null(sig_tables_enter());
	sig_tables_leave();
	assert_false(sig_tables_quiet());
	sig_tables_leave();
	assert_true(sig_tables_quiet());
}

static void a_child_has_no_readers(void **state)
{
	sig_tables_enter();
	sig_tables_after_fork();
	assert_true(sig_tables_quiet());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_sees_what_was_set_and_is_counted),
		cmocka_unit_test(a_child_has_no_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
