/* test_quiet_walk: a thread that waits is walked, and does not know. */
#include "inproc/quiet_walk.h"
#include "inproc/thread_context.h"
#include "inproc/walk_tables.h"
#include "waiting.h"

static union sig_sample_room room;

static void a_waiting_thread_is_walked_to_its_first_frame(void **state)
{
	struct waiting waits;
	struct thread_look look;
	int memory = quiet_walk_open();
	bool found = false;

	WAITING_SKIPS;
	assert_true(memory >= 0);
	assert_int_equal(walk_tables_use(NULL), 0);
	waiting_begin(&waits, 0);
	thread_look_at(waits.tid, &look);
	assert_true(quiet_walk_run(memory, waits.tid, &look, 0, &room.sample));
	assert_int_equal(room.sample.result, UNWIND_COMPLETE);
	for (int i = 0; i < room.sample.n_frames; i++)
		found |= room.sample.data[i] - (uint64_t)waiting_read < 128;
	assert_true(found);
	assert_false(room.sample.has_context);
	waiting_end(&waits);
	close(memory);
	walk_tables_done();
}

static void what_is_not_there_is_no_harm(void **state)
{
	struct thread_look look = {
		.state = THREAD_LOOK_WAITING, .sp = 0x10000, .pc = (uint64_t)waiting_read
	};
	int memory = quiet_walk_open();

	assert_false(quiet_walk_run(memory, gettid(), &look, 0, &room.sample)); /* no tables */
	assert_int_equal(walk_tables_use(NULL), 0);
	assert_false(quiet_walk_run(memory, gettid(), &look, 0, &room.sample));
	look.sp = UINT64_MAX - 8;
	assert_false(quiet_walk_run(memory, gettid(), &look, 0, &room.sample));
	assert_false(quiet_walk_run(-1, gettid(), &look, 0, &room.sample));
	look.state = THREAD_LOOK_RUNNING;
	assert_false(quiet_walk_run(memory, gettid(), &look, 0, &room.sample));
	close(memory);
	walk_tables_done();
}

static sem_t labelled;
static int gate[2];

static void *wait_labelled(void *tid)
{
	struct sig_context *context = thread_context();
	const uint8_t trace[16] = { 7 }, span[8] = { 8 };
	char byte;

	sig_context_set_trace(context, trace, span, 0);
	sig_context_add(context, 5, "abc", 3);
	*(pid_t *)tid = gettid();
	sem_post(&labelled);
	while (read(gate[0], &byte, 1) < 0)
		;
	return NULL;
}

static void its_labels_are_read_too(void **state)
{
	int memory = quiet_walk_open();
	struct thread_look look;
	pthread_t thread;
	pid_t tid;

	WAITING_SKIPS;
	sem_init(&labelled, 0, 0);
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(walk_tables_use(NULL), 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_labelled, &tid), 0);
	while (sem_wait(&labelled) < 0)
		;
	waiting_pause(20);
	thread_look_at(tid, &look);
	assert_true(quiet_walk_run(memory, tid, &look, 0, &room.sample));
	assert_true(room.sample.has_context);
	assert_int_equal(room.sample.trace_id[0], 7);
	assert_int_equal(room.sample.attrs_size, 5);
	assert_memory_equal(&room.sample.data[room.sample.n_frames],
		"\x05\x03"
		"abc",
		5);
	assert_int_equal(write(gate[1], "", 1), 1);
	pthread_join(thread, NULL);
	assert_int_equal(thread_context_of(tid), 0);
	close(memory);
	walk_tables_done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_waiting_thread_is_walked_to_its_first_frame),
		cmocka_unit_test(what_is_not_there_is_no_harm),
		cmocka_unit_test(its_labels_are_read_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
