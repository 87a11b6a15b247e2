/* test_sig_action: a program's own handler of our signal. */
#include "inproc/sig_action.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "testing.h"

#define FORKS 300

static int seen;
static sigset_t blocked;

static void note(int number)
{
	seen += number == SIGPROF;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
}

static void note_all(int number, siginfo_t *info, void *context)
{
	seen += number == SIGPROF && info && context ? 10 : 0;
}

static void forward(int code)
{
	siginfo_t info = { .si_code = code };
	ucontext_t context;
	sigset_t before;

	sigprocmask(SIG_BLOCK, NULL, &before);
	getcontext(&context);
	sig_action_forward(SIGPROF, &info, &context);
	sigprocmask(SIG_SETMASK, &before, NULL); /* as the return from our handler does */
}

static int take(void **state)
{
	const struct sigaction standard = { .sa_handler = SIG_DFL };

	seen = 0;
	sig_action_take(SIGPROF, &standard);
	return 0;
}

static int forget(void **state)
{
	sig_action_forget();
	return 0;
}

static void what_the_program_sets_is_kept_and_called(void **state)
{
	struct sigaction one = { .sa_handler = note }, old;
	struct sigaction other = { .sa_sigaction = note_all, .sa_flags = SA_SIGINFO };

	assert_true(sig_action_taken(SIGPROF));
	assert_false(sig_action_taken(SIGUSR1));
	assert_false(sig_action_taken(0));
	sig_action_swap(&one, &old);
	assert_ptr_equal(old.sa_handler, SIG_DFL);
	forward(SI_USER);
	assert_int_equal(seen, 1);
	assert_int_equal(sigismember(&blocked, SIGPROF), 1);
	assert_int_equal(sigismember(&blocked, SIGUSR1), 0);
	sig_action_swap(&other, &old);
	assert_ptr_equal(old.sa_handler, note);
	forward(SI_KERNEL);
	assert_int_equal(seen, 11);
	sig_action_take(SIGPROF, NULL); /* a second profile */
	sig_action_swap(NULL, &old);
	assert_ptr_equal(old.sa_sigaction, note_all);
}

static void flags_are_as_ever(void **state)
{
	struct sigaction once = { .sa_handler = note, .sa_flags = (int)SA_RESETHAND | SA_NODEFER };
	struct sigaction old;

	sigaddset(&once.sa_mask, SIGUSR1);
	sig_action_swap(&once, NULL);
	forward(SI_USER);
	assert_int_equal(seen, 1);
	assert_int_equal(sigismember(&blocked, SIGPROF), 0);
	assert_int_equal(sigismember(&blocked, SIGUSR1), 1);
	sig_action_swap(NULL, &old);
	assert_ptr_equal(old.sa_handler, SIG_DFL);
}

static void what_nobody_sent_is_not_fatal(void **state)
{
	struct sigaction none = { .sa_handler = SIG_IGN };

	forward(SI_KERNEL);
	forward(SI_TIMER);
	forward(SI_USER); /* of process 0: the kernel had no room to say whose it is */
	sig_action_swap(&none, NULL);
	forward(SI_USER);
	assert_int_equal(seen, 0);
}

/* Sets one and then the other, for ever: a fork comes in the midst of it. */
static const struct sigaction pair[2] = { { .sa_handler = note, .sa_flags = SA_RESTART },
	{ .sa_sigaction = note_all, .sa_flags = SA_SIGINFO } };
static _Atomic int enough;

static void *set_always(void *unused)
{
	for (unsigned i = 0; !atomic_load(&enough); i++)
		sig_action_swap(&pair[i & 1], NULL);
	return unused;
}

static bool is_of_pair(const struct sigaction *action)
{
	return (action->sa_handler == note && action->sa_flags == SA_RESTART) ||
	       (action->sa_sigaction == note_all && action->sa_flags == SA_SIGINFO);
}

static void a_forks_child_waits_for_nobody(void **state)
{
	struct sigaction now;
	pthread_t thread;

	sig_action_swap(&pair[0], NULL);
	assert_int_equal(pthread_create(&thread, NULL, set_always, NULL), 0);
	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			alarm(60);
			if (i % 8) /* or a bare clone, of which nobody is told */
				sig_action_after_fork();
			sig_action_swap(NULL, &now);
			if (!is_of_pair(&now))
				_exit(1);
			sig_action_swap(&pair[1], NULL);
			sig_action_swap(NULL, &now);
			_exit(now.sa_sigaction == note_all ? 7 : 2);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
		sig_action_swap(NULL, &now);
		assert_true(is_of_pair(&now));
	}
	atomic_store(&enough, 1);
	pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, take, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_program_sets_is_kept_and_called),
		TEST(flags_are_as_ever),
		TEST(what_nobody_sent_is_not_fatal),
		TEST(a_forks_child_waits_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
