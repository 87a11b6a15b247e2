/* test_sig_mask: signals wait where the program has handlers, and only there. */
#include "inproc/sig_mask.h"

#include <stdlib.h>

#include "testing.h"

static volatile sig_atomic_t seen;

static void note(int number)
{
	seen = seen + (number == SIGUSR1);
}

static int forget(void **state)
{
	sig_mask_has_handlers = 0;
	seen = 0;
	signal(SIGUSR1, SIG_DFL);
	sig_mask_has_handlers = 0;
	return 0;
}

static void handlers_are_noted_and_nothing_else(void **state)
{
	sig_mask_note(SIGUSR1, SIG_DFL);
	sig_mask_note(SIGUSR1, SIG_IGN);
	sig_mask_note(SIGSEGV, note);
	sig_mask_note(0, note);
	sig_mask_note(33, note);
	sig_mask_note(65, note);
	assert_int_equal(sig_mask_has_handlers, 0);
	sig_mask_note(SIGUSR1, note);
	assert_int_equal(sig_mask_has_handlers, 1);
}

static void what_was_set_before_is_found(void **state)
{
	struct sigaction action = { .sa_handler = note };

	sigaction(SIGUSR1, &action, NULL);
	sig_mask_has_handlers = 0;
	sig_mask_look(note);
	assert_int_equal(sig_mask_has_handlers, 0);
	sig_mask_look(SIG_DFL);
	assert_int_equal(sig_mask_has_handlers, 1);
}

static void held_signals_come_afterwards(void **state)
{
	uint64_t before;

	signal(SIGUSR1, note);
	sig_mask_has_handlers = 1;
	before = sig_mask_hold_handlers();
	assert_int_not_equal(before, SIG_MASK_NOT_HELD);
	raise(SIGUSR1);
	assert_int_equal(seen, 0);
	sig_mask_release(before);
	assert_int_equal(seen, 1);
}

static void without_handlers_nothing_is_held(void **state)
{
	uint64_t before = sig_mask_hold_handlers(), mask = 1;

	assert_int_equal(before, SIG_MASK_NOT_HELD);
	sig_mask_release(before);
	sig_mask_set(0, &mask);
	assert_int_equal(mask, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, forget, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(handlers_are_noted_and_nothing_else),
		TEST(what_was_set_before_is_found),
		TEST(held_signals_come_afterwards),
		TEST(without_handlers_nothing_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
