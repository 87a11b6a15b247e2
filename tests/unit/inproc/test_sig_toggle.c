/* test_sig_toggle: each signal counts once. */
#include <errno.h>
#include <signal.h>

#include "inproc/sig_toggle.h"
#include "testing.h"

static void signals_are_counted(void **state)
{
	int count;

	sem_init(&sig_toggle_count, 0, 0);
	errno = 7;
	sig_toggle_handle(SIGUSR1);
	sig_toggle_handle(SIGUSR1);
	assert_int_equal(errno, 7);
	sem_getvalue(&sig_toggle_count, &count);
	assert_int_equal(count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(signals_are_counted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
