/* test_record_child: a command waits until it is let go, and its end is told as a shell would. */
#include "testing.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/record_child.h"

static sigset_t no_signals(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	return mask;
}

static void run_to_end(const char *script, struct record_child *child)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	sigset_t mask = no_signals();

	assert_int_equal(record_child_start(child, argv, &mask, NULL), 0);
	assert_int_equal(record_child_go(child, argv[0], NULL), 0);
	record_child_look(child, true);
	assert_true(child->ended);
}

static void it_does_nothing_before_it_is_let_go(void **state)
{
	char path[] = "/tmp/flyover-child-XXXXXX";
	char *argv[] = { (char *)"rm", path, NULL };
	struct record_child child;
	sigset_t mask = no_signals();

	close(mkstemp(path));
	assert_int_equal(record_child_start(&child, argv, &mask, NULL), 0);
	record_child_look(&child, false);
	assert_false(child.ended);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(record_child_go(&child, argv[0], NULL), 0);
	record_child_look(&child, true);
	assert_int_equal(record_child_exit_status(&child), 0);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void its_status_is_handed_on(void **state)
{
	struct record_child child;

	run_to_end("exit 7", &child);
	assert_int_equal(record_child_exit_status(&child), 7);
	run_to_end("kill -9 $$", &child);
	assert_int_equal(record_child_exit_status(&child), 128 + SIGKILL);
}

static void what_cannot_be_run_is_named(void **state)
{
	char *argv[] = { (char *)"./no-such-command", NULL };
	struct record_child child;
	sigset_t mask = no_signals();
	struct err err = { 0 };

	assert_int_equal(record_child_start(&child, argv, &mask, NULL), 0);
	assert_int_equal(record_child_go(&child, argv[0], &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "./no-such-command"));
	assert_true(child.ended);
	assert_int_equal(record_child_exit_status(&child), 127);
	argv[0] = (char *)"/tmp";
	assert_int_equal(record_child_start(&child, argv, &mask, NULL), 0);
	assert_int_equal(record_child_go(&child, argv[0], &err), ERR_DENIED);
	assert_int_equal(record_child_exit_status(&child), 126);
}

static void an_abandoned_one_never_runs(void **state)
{
	char path[] = "/tmp/flyover-child-XXXXXX";
	char *argv[] = { (char *)"rm", path, NULL };
	struct record_child child;
	sigset_t mask = no_signals();

	close(mkstemp(path));
	assert_int_equal(record_child_start(&child, argv, &mask, NULL), 0);
	record_child_abandon(&child);
	assert_true(child.ended);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_does_nothing_before_it_is_let_go),
		cmocka_unit_test(its_status_is_handed_on),
		cmocka_unit_test(what_cannot_be_run_is_named),
		cmocka_unit_test(an_abandoned_one_never_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
