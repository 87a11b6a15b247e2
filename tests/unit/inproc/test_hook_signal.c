/* test_hook_signal: a signal that is taken stays so, and the program does not notice. */
#include "inproc/hook_signal.h"

#include <stdint.h>

#include "inproc/sig_action.h"
#include "testing.h"

sighandler_t __sysv_signal(int number, sighandler_t handler);

static void handle(int number)
{
}

static void ours(int number, siginfo_t *info, void *context)
{
}

static void others_are_the_kernels(void **state)
{
	struct sigaction now;

	assert_ptr_equal(signal(SIGUSR1, handle), SIG_DFL);
	assert_int_equal(hook_signal_action(SIGUSR1, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, handle);
	assert_int_equal(now.sa_flags & SA_RESTART, SA_RESTART);
	assert_ptr_equal(__sysv_signal(SIGUSR1, SIG_DFL), handle);
	assert_int_equal(sigaction(SIGUSR1, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, SIG_DFL);
	assert_int_equal(sigaction(12345, NULL, &now), -1);
}

static void a_taken_one_is_kept_beside(void **state)
{
	struct sigaction mine = { .sa_sigaction = ours, .sa_flags = SA_SIGINFO }, now, before;

	assert_int_equal(hook_signal_action(SIGUSR2, &mine, &before), 0);
	sig_action_take(SIGUSR2, &before);
	assert_ptr_equal(signal(SIGUSR2, handle), SIG_DFL);
	assert_int_equal(sigaction(SIGUSR2, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, handle);
	assert_int_equal(now.sa_flags & SA_RESTART, SA_RESTART);
	assert_ptr_equal(__sysv_signal(SIGUSR2, SIG_IGN), handle);
	assert_int_equal(sigaction(SIGUSR2, &before, &now), 0);
	assert_ptr_equal(now.sa_handler, SIG_IGN);
	assert_true((now.sa_flags & (int)SA_RESETHAND) != 0);
	assert_int_equal(hook_signal_action(SIGUSR2, NULL, &now), 0);
	assert_ptr_equal(now.sa_sigaction, ours);
	sig_action_forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_the_kernels),
		cmocka_unit_test(a_taken_one_is_kept_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
