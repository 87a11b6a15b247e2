/* test_engine: calls run one after another on one thread that is not the caller's. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inproc/engine.h"
#include "testing.h"

#define CALLERS 8
#define CALLS 500

static int count; /* only the engine touches it */

static int add_one(void *context, struct err *err)
{
	count++;
	return 0;
}

static int tell_thread(void *context, struct err *err)
{
	sigset_t blocked;

	*(pid_t *)context = gettid();
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	return sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGPROF) ? 0 : ERR_IO;
}

static int fail_on_purpose(void *context, struct err *err)
{
	return err_set(err, ERR_LIMIT, "on purpose");
}

static int call_from_within(void *context, struct err *err)
{
	return engine_call(fail_on_purpose, NULL, err);
}

static void *call_often(void *unused)
{
	for (int i = 0; i < CALLS; i++)
		engine_call(add_one, NULL, NULL);
	return NULL;
}

static void calls_never_overlap(void **state)
{
	pthread_t threads[CALLERS];

	count = 0;
	for (int i = 0; i < CALLERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, call_often, NULL), 0);
	for (int i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(count, CALLERS * CALLS);
}

static void its_thread_is_its_own_and_hears_no_signal(void **state)
{
	pid_t first, second;

	assert_int_equal(engine_call(tell_thread, &first, NULL), 0);
	assert_int_equal(engine_call(tell_thread, &second, NULL), 0);
	assert_int_equal(first, second);
	assert_int_not_equal(first, gettid());
}

static void results_and_sentences_come_back(void **state)
{
	struct err err;

	assert_int_equal(engine_call(fail_on_purpose, NULL, &err), ERR_LIMIT);
	assert_string_equal(err.text, "on purpose");
	assert_int_equal(engine_call(call_from_within, NULL, &err), ERR_LIMIT);
}

static void a_forked_child_gets_its_own(void **state)
{
	int status;
	pid_t pid, child_engine;

	engine_call(add_one, NULL, NULL);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		_exit(engine_call(tell_thread, &child_engine, NULL) == 0 ? 7 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void polls_have_a_limit(void **state)
{
	struct engine_polls polls = { .n = ENGINE_POLLS_MAX - 1 };

	assert_int_equal(engine_poll(&polls, 0, POLLIN), ENGINE_POLLS_MAX - 1);
	assert_int_equal(engine_poll(&polls, 0, POLLIN), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_never_overlap),
		cmocka_unit_test(its_thread_is_its_own_and_hears_no_signal),
		cmocka_unit_test(results_and_sentences_come_back),
		cmocka_unit_test(a_forked_child_gets_its_own),
		cmocka_unit_test(polls_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
