/* test_terminal: colours and widths follow the stream and the user's wishes. */
#include "testing.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/terminal.h"

/* The far end of a new pseudo terminal with 77 columns. */
static FILE *pseudo_terminal(int *ret_near)
{
	struct winsize size = { .ws_col = 77, .ws_row = 20 };
	FILE *far;

	*ret_near = posix_openpt(O_RDWR | O_NOCTTY);
	if (*ret_near < 0 || grantpt(*ret_near) < 0 || unlockpt(*ret_near) < 0) {
		print_message("no pseudo terminals here\n");
		skip();
	}
	assert_int_equal(ioctl(*ret_near, TIOCSWINSZ, &size), 0);
	far = fdopen(open(ptsname(*ret_near), O_RDWR | O_NOCTTY), "r+");
	assert_non_null(far);
	return far;
}

static void colours_are_for_terminals_whose_user_wants_them(void **state)
{
	int near;
	FILE *far = pseudo_terminal(&near), *file = fopen("/dev/null", "w");

	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	assert_true(terminal_has_colours(far));
	assert_false(terminal_has_colours(file));
	setenv("NO_COLOR", "1", 1);
	assert_false(terminal_has_colours(far));
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	assert_false(terminal_has_colours(far));
	fclose(far);
	fclose(file);
	close(near);
}

static void the_width_is_the_terminals_else_what_is_told(void **state)
{
	int near;
	FILE *far = pseudo_terminal(&near), *file = fopen("/dev/null", "w");

	unsetenv("COLUMNS");
	assert_int_equal(terminal_width(far, 100), 77);
	assert_int_equal(terminal_width(file, 100), 100);
	setenv("COLUMNS", "64", 1);
	assert_int_equal(terminal_width(file, 100), 64);
	setenv("COLUMNS", "3", 1);
	assert_int_equal(terminal_width(file, 100), 100);
	fclose(far);
	fclose(file);
	close(near);
}

static void the_first_locale_variable_that_is_set_decides(void **state)
{
	unsetenv("LC_CTYPE");
	setenv("LC_ALL", "C", 1);
	setenv("LANG", "en_GB.UTF-8", 1);
	assert_false(terminal_has_utf8());
	unsetenv("LC_ALL");
	assert_true(terminal_has_utf8());
	unsetenv("LANG");
	assert_false(terminal_has_utf8());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_are_for_terminals_whose_user_wants_them),
		cmocka_unit_test(the_width_is_the_terminals_else_what_is_told),
		cmocka_unit_test(the_first_locale_variable_that_is_set_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
