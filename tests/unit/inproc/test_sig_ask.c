/* test_sig_ask: questions and answers. */
#include <signal.h>

#include "inproc/cpu_threads.h"
#include "inproc/sig_ask.h"
#include "waiting.h"

static int set_up(void **state)
{
	return cpu_threads_claim(SIGPROF, NULL);
}

static const struct sig_ask_answer *wait_for(int slot)
{
	const struct sig_ask_answer *answer = NULL;

	for (int i = 0; i < 2000 && !(answer = sig_ask_look(slot)); i++)
		waiting_pause(1);
	return answer;
}

static void a_thread_that_runs_answers(void **state)
{
	const struct sig_ask_answer *answer;
	struct waiting burns;
	int slot;

	waiting_begin(&burns, 1);
	slot = sig_ask_send(burns.tid, SIGPROF);
	assert_true(slot >= 0);
	answer = wait_for(slot);
	assert_non_null(answer);
	assert_int_equal(answer->room.sample.tid, burns.tid);
	assert_true(answer->room.sample.data[0] - (uint64_t)waiting_burn < 128);
	assert_true(answer->sp != 0);
	assert_true(sig_ask_free(slot));
	assert_null(sig_ask_look(slot));
	waiting_end(&burns);
}

static void one_that_is_gone_cannot_be_asked(void **state)
{
	struct waiting burns;

	waiting_begin(&burns, 1);
	waiting_end(&burns);
	assert_int_equal(sig_ask_send(burns.tid, SIGPROF), -1);
}

/* The signal waits until the thread takes it; by then nobody wants to know. */
static void a_late_answer_is_nobodys(void **state)
{
	sigset_t set;
	int slot;

	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	slot = sig_ask_send(gettid(), SIGPROF);
	assert_true(slot >= 0);
	assert_null(sig_ask_look(slot));
	assert_true(sig_ask_free(slot));
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	assert_null(sig_ask_look(slot));
}

static void there_are_so_many_slots(void **state)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < SIG_ASK_SLOTS; i++)
		assert_int_equal(sig_ask_send(gettid(), SIGPROF), i);
	assert_int_equal(sig_ask_send(gettid(), SIGPROF), -1);
	sig_ask_after_fork();
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	for (int i = 0; i < SIG_ASK_SLOTS; i++)
		assert_null(sig_ask_look(i));
}

static void a_strangers_signal_is_no_answer(void **state)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	info.si_value.sival_ptr = (void *)(UINT64_C(99) << 32 | 1);
	sig_ask_handle(&info, NULL);
	info.si_value.sival_ptr = (void *)~(uintptr_t)0;
	sig_ask_handle(&info, NULL);
	info.si_value.sival_ptr = NULL;
	sig_ask_handle(&info, NULL);
	assert_false(sig_ask_is_ours(&info));
}

/* The kernel takes back what a timer sent when the thread goes on to another program. */
static void a_question_comes_as_if_from_a_timer(void **state)
{
	siginfo_t info = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	assert_true(sig_ask_send(gettid(), SIGPROF) >= 0);
	assert_int_equal(sigwaitinfo(&set, &info), SIGPROF);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	assert_int_equal(info.si_code, SI_TIMER);
	assert_true(sig_ask_is_ours(&info));
	info.si_timerid = 1;
	assert_false(sig_ask_is_ours(&info));
	sig_ask_after_fork();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_thread_that_runs_answers, set_up),
		cmocka_unit_test_setup(one_that_is_gone_cannot_be_asked, set_up),
		cmocka_unit_test_setup(a_late_answer_is_nobodys, set_up),
		cmocka_unit_test_setup(there_are_so_many_slots, set_up),
		cmocka_unit_test_setup(a_strangers_signal_is_no_answer, set_up),
		cmocka_unit_test_setup(a_question_comes_as_if_from_a_timer, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
