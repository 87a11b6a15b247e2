/* test_expand: the pid in a file name. */
#include <stdio.h>
#include <unistd.h>

#include "inproc/expand.h"
#include "testing.h"

static void the_pid_takes_its_place(void **state)
{
	char into[64], wanted[64];

	snprintf(wanted, sizeof(wanted), "a%d-%%b", (int)getpid());
	assert_int_equal(expand_pid("a%p-%%b", into, sizeof(into), NULL), 0);
	assert_string_equal(into, wanted);
	assert_int_equal(expand_pid("", into, sizeof(into), NULL), 0);
	assert_string_equal(into, "");
}

static void other_letters_and_long_names_are_refused(void **state)
{
	char into[8];

	assert_int_equal(expand_pid("%q", into, sizeof(into), NULL), ERR_USAGE);
	assert_int_equal(expand_pid("a%", into, sizeof(into), NULL), ERR_USAGE);
	assert_int_equal(expand_pid("1234567", into, sizeof(into), NULL), 0);
	assert_int_equal(expand_pid("12345678", into, sizeof(into), NULL), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pid_takes_its_place),
		cmocka_unit_test(other_letters_and_long_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
