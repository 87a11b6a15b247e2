/* test_thread_stack: quietly if it can be, else by a question. */
#include <signal.h>

#include "inproc/cpu_threads.h"
#include "inproc/quiet_walk.h"
#include "inproc/thread_stack.h"
#include "inproc/walk_tables.h"
#include "waiting.h"

static struct thread_stack_way way;

static int set_up(void **state)
{
	way = (struct thread_stack_way){ .memory = quiet_walk_open(), .signal_number = SIGPROF };
	return cpu_threads_claim(SIGPROF, NULL) | walk_tables_use(NULL);
}

static int tear_down(void **state)
{
	close(way.memory);
	walk_tables_done();
	return 0;
}

static const struct sig_sample *answer_of(struct thread_stack *thread)
{
	const struct sig_sample *sample = NULL;

	for (int i = 0; i < 2000 && !(sample = thread_stack_answer(thread)); i++)
		waiting_pause(1);
	assert_non_null(sample);
	return sample;
}

static void one_that_waits_is_not_disturbed(void **state)
{
	const struct sig_sample *sample;
	struct thread_stack thread;
	struct waiting waits;

	WAITING_SKIPS;
	waiting_begin(&waits, 0);
	thread_stack_init(&thread, waits.tid);
	assert_int_equal(thread_stack_begin(&thread, &way, &sample), THREAD_STACK_TAKEN);
	assert_true(sample->n_frames > 2);
	assert_int_equal(way.counts.quiet, 1);
	assert_int_equal(way.counts.asked, 0);
	waiting_end(&waits);
	assert_int_equal(thread_stack_begin(&thread, &way, &sample), THREAD_STACK_GONE);
}

static void one_that_runs_is_asked(void **state)
{
	const struct sig_sample *sample;
	struct thread_stack thread;
	enum thread_stack_result result;
	struct waiting burns;

	waiting_begin(&burns, 1);
	thread_stack_init(&thread, burns.tid);
	result = thread_stack_begin(&thread, &way, &sample);
	if (result == THREAD_STACK_LATER) /* somebody else had its CPU */
		result = thread_stack_begin(&thread, &way, &sample);
	assert_int_equal(result, THREAD_STACK_ASKED);
	assert_true(answer_of(&thread)->n_frames > 1);
	assert_true(thread_stack_end(&thread));
	assert_int_equal(thread.n_places, 0);
	assert_int_equal(way.counts.asked, 1);
	assert_int_equal(way.counts.delicate, 0);
	waiting_end(&burns);
}

/* Without memory to read, waiting threads must be asked, and the place is remembered. */
static void a_place_that_was_asked_for_is_learned(void **state)
{
	const struct sig_sample *sample;
	struct thread_stack thread;
	struct waiting waits;
	int memory = way.memory;

	way.memory = -1;
	waiting_begin(&waits, 0);
	thread_stack_init(&thread, waits.tid);
	assert_int_equal(thread_stack_begin(&thread, &way, &sample), THREAD_STACK_ASKED);
	assert_true(answer_of(&thread)->n_frames > 1);
	assert_true(thread_stack_end(&thread));
	assert_int_equal(thread.n_places, 1);
	assert_int_equal(thread.places[0].sp, thread.look.sp);
	way.memory = memory;
	waiting_end(&waits);
}

static void one_that_blocks_the_signal_is_left_alone(void **state)
{
	const struct sig_sample *sample;
	struct thread_stack thread;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	thread_stack_init(&thread, gettid());
	assert_int_equal(thread_stack_begin(&thread, &way, &sample), THREAD_STACK_REFUSED);
	assert_int_equal(way.counts.refused, 1);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_that_waits_is_not_disturbed),
		TEST(one_that_runs_is_asked),
		TEST(a_place_that_was_asked_for_is_learned),
		TEST(one_that_blocks_the_signal_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
