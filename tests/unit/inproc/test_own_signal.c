/* test_own_signal: a signal is taken where the program has no handler of its own. */
#include "inproc/own_signal.h"

#include "inproc/hook_signal.h"
#include "testing.h"

static volatile int handled;

static void ours(int number, siginfo_t *info, void *context)
{
	handled = number;
}

static void theirs(int number)
{
}

static void it_is_taken_and_can_be_taken_again(void **state)
{
	struct sigaction before, now;

	assert_int_equal(own_signal_take(SIGURG, ours, &before, NULL), 0);
	assert_true(before.sa_handler == SIG_DFL);
	raise(SIGURG);
	assert_int_equal(handled, SIGURG);
	assert_int_equal(own_signal_take(SIGURG, ours, &before, NULL), 0);
	assert_true(before.sa_sigaction == ours);
	hook_signal_action(SIGURG, NULL, &now);
	assert_true(now.sa_flags & SA_ONSTACK && now.sa_flags & SA_RESTART);
}

static void a_handler_of_the_programs_stays(void **state)
{
	struct sigaction before, now = { .sa_handler = theirs };
	struct err err;

	hook_signal_action(SIGUSR1, &now, NULL);
	assert_int_equal(own_signal_take(SIGUSR1, ours, &before, &err), ERR_DENIED);
	assert_non_null(strstr(err.text, "handles signal 10 (User defined signal 1) itself"));
	hook_signal_action(SIGUSR1, NULL, &now);
	assert_true(now.sa_handler == theirs);
	assert_true(own_signal_take(SIGKILL, ours, &before, &err) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_taken_and_can_be_taken_again),
		cmocka_unit_test(a_handler_of_the_programs_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
