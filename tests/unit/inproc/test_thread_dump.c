/* test_thread_dump: every thread is in it, where it is. */
#include <signal.h>

#include "inproc/thread_dump.h"
#include "profiled.h"
#include "waiting.h"

static void every_thread_is_there_once(void **state)
{
	struct waiting waits[5], burns;
	struct profile *profile;
	struct err err;

	for (int i = 0; i < 5; i++)
		waiting_begin(&waits[i], 0);
	waiting_begin(&burns, 1);
	pthread_setname_np(burns.thread, "burner");
	if (thread_dump_take(&profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profiled_total(profile, "waiting_read"), 5);
	assert_int_equal(profiled_total(profile, "waiting_burn"), 1);
	assert_int_equal(profiled_labelled(profile, "thread", "burner"), 1);
	assert_int_equal(profiled_labelled(profile, "state", "running"), 1);
	assert_int_equal(profiled_labelled(profile, "state", "waiting"), 5);
	assert_int_equal(profile_total(profile, 0), 6);
	assert_true(accounting_balances(&profile->accounting));
	profile_free(profile);
	for (int i = 0; i < 5; i++)
		waiting_end(&waits[i]);
	waiting_end(&burns);
}

static void *burn_deaf(void *context)
{
	sigset_t set;

	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	return waiting_run_burn(context);
}

static void one_that_cannot_be_asked_is_counted(void **state)
{
	struct waiting deaf = { 0 };
	struct profile *profile;

	sem_init(&deaf.ready, 0, 0);
	assert_int_equal(pipe(deaf.pipe), 0);
	assert_int_equal(pthread_create(&deaf.thread, NULL, burn_deaf, &deaf), 0);
	while (sem_wait(&deaf.ready) < 0)
		;
	assert_int_equal(thread_dump_take(&profile, NULL), 0);
	assert_int_equal(profiled_total(profile, "[no answer]"), 1);
	profile_free(profile);
	waiting_end(&deaf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_thread_is_there_once),
		cmocka_unit_test(one_that_cannot_be_asked_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
