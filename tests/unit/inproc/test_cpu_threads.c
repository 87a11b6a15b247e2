/* test_cpu_threads: who gets a timer, and when it first runs out. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inproc/cpu_threads.h"
#include "inproc/hook_signal.h"
#include "inproc/own_threads.h"
#include "inproc/sig_cpu.h"
#include "testing.h"

#define MS UINT64_C(1000000)

static sem_t ready, done;

static uint32_t armed_now(void)
{
	struct sig_cpu_thread *table = cpu_threads_table();
	uint32_t n = 0;

	for (uint32_t i = 0; i < 64; i++)
		n += table[i].arming != 0;
	return n;
}

static void *wait_here(void *unused)
{
	sem_post(&ready);
	sem_wait(&done);
	return NULL;
}

static void start_one(pthread_t *ret)
{
	assert_int_equal(pthread_create(ret, NULL, wait_here, NULL), 0);
	sem_wait(&ready);
}

static void the_first_expiry_lies_on_a_tick(void **state)
{
	assert_int_equal(cpu_threads_first_expiry(0, 4 * MS), 1); /* 0 would mean never */
	assert_int_equal(cpu_threads_first_expiry(4 * MS - 1, 4 * MS), 1);
	assert_int_equal(cpu_threads_first_expiry(4 * MS, 4 * MS), 4 * MS);
	assert_int_equal(cpu_threads_first_expiry(10 * MS - 1, 4 * MS), 8 * MS);
}

/* Whatever a thread's life, over all phases it is due its CPU time by the period. */
static void what_is_due_is_cpu_time_by_period_on_average(void **state)
{
	for (uint64_t life = 1; life <= 35; life += 2) {
		uint64_t due = 0;

		for (uint64_t phase = 0; phase < 100; phase++)
			due += cpu_threads_due(life * MS, phase * MS / 10, 10 * MS);
		assert_true(due >= life * 10 && due <= life * 10 + 1);
	}
}

static void threads_old_and_new_are_armed_and_leave(void **state)
{
	struct cpu_threads_stats stats;
	pthread_t old, new;

	sem_init(&ready, 0, 0);
	sem_init(&done, 0, 0);
	start_one(&old);
	assert_int_equal(cpu_threads_claim(SIGPROF, NULL), 0);
	assert_non_null(cpu_threads_table());
	assert_int_equal(cpu_threads_start(1000 * MS, NULL), 0);
	assert_true(cpu_threads_are_on());
	assert_int_equal(armed_now(), 2);
	start_one(&new);
	assert_int_equal(armed_now(), 3);
	cpu_threads_scan();
	assert_int_equal(armed_now(), 3);
	sem_post(&done);
	sem_post(&done);
	pthread_join(old, NULL);
	pthread_join(new, NULL);
	cpu_threads_scan(); /* notices that the old one left */
	assert_int_equal(armed_now(), 1);
	cpu_threads_stop();
	cpu_threads_look(&stats);
	assert_int_equal(armed_now(), 0);
	assert_int_equal(stats.armed, 3);
	assert_int_equal(stats.refused, 0);
	assert_false(stats.displaced);
	assert_false(cpu_threads_are_on());
}

/* In a child, which forgets everything and begins anew. */
static int start_in_a_child(void)
{
	struct cpu_threads_stats stats;

	own_threads_begin();
	if (cpu_threads_start(1000 * MS, NULL) != ERR_IO) /* nobody else is here */
		return 1;
	cpu_threads_after_fork();
	own_threads_after_fork();
	if (cpu_threads_start(1000 * MS, NULL) < 0)
		return 2;
	cpu_threads_stop();
	cpu_threads_look(&stats);
	return stats.armed == 1 ? 0 : 3;
}

static void the_profilers_own_thread_is_left_out(void **state)
{
	int status;
	pid_t pid;

	assert_int_equal(cpu_threads_claim(SIGPROF, NULL), 0);
	assert_non_null(cpu_threads_table());
	pid = fork();
	if (pid == 0)
		_exit(start_in_a_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* By the system call itself, say; sigaction leaves ours where it is. */
static void a_handler_taken_over_is_told(void **state)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct cpu_threads_stats stats;

	assert_int_equal(cpu_threads_claim(SIGPROF, NULL), 0);
	assert_int_equal(cpu_threads_start(1000 * MS, NULL), 0);
	signal(SIGPROF, SIG_IGN);
	cpu_threads_look(&stats);
	assert_false(stats.displaced);
	hook_signal_action(SIGPROF, &ignore, NULL);
	cpu_threads_stop();
	cpu_threads_look(&stats);
	assert_true(stats.displaced);
}

static size_t events_now(void)
{
	struct sig_cpu_thread *table = cpu_threads_table();
	size_t n = 0;

	for (uint32_t i = 0; i < 64; i++)
		n += table[i].event != NULL;
	return n;
}

/* A row of this thread's, as after a sample. */
static void one_sample(void)
{
	struct sig_cpu_thread *table = cpu_threads_table();

	for (uint32_t i = 0; i < 64; i++)
		if (table[i].arming && table[i].tid == (uint32_t)gettid())
			table[i].delivered = 1;
}

static void who_had_a_sample_gets_an_event_for_its_timer(void **state)
{
	struct cpu_threads_stats stats;
	struct err err;
	pthread_t idle;

	assert_int_equal(cpu_threads_claim(SIGPROF, NULL), 0);
	assert_non_null(cpu_threads_table());
	assert_int_equal(cpu_threads_start(1000 * MS, NULL), 0);
	cpu_threads_promote();
	assert_int_equal(events_now(), 0); /* not wanted */
	if (cpu_threads_want_kernel(&err) < 0) {
		cpu_threads_stop();
		print_message("%s\n", err.text);
		skip();
	}
	sem_init(&ready, 0, 0);
	sem_init(&done, 0, 0);
	start_one(&idle);
	cpu_threads_promote();
	assert_int_equal(events_now(), 0); /* nobody had a sample */
	one_sample();
	cpu_threads_promote();
	cpu_threads_promote();
	assert_int_equal(events_now(), 1);
	sem_post(&done);
	pthread_join(idle, NULL);
	cpu_threads_look(&stats);
	assert_int_equal(stats.with_event, 1);
	assert_int_equal(stats.without_event, 0);
	cpu_threads_stop();
	assert_int_equal(events_now(), 1); /* a handler may still read it */
	cpu_threads_settle();
	assert_int_equal(events_now(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_expiry_lies_on_a_tick),
		cmocka_unit_test(what_is_due_is_cpu_time_by_period_on_average),
		cmocka_unit_test(threads_old_and_new_are_armed_and_leave),
		cmocka_unit_test(who_had_a_sample_gets_an_event_for_its_timer),
		cmocka_unit_test(a_handler_taken_over_is_told),
		cmocka_unit_test(the_profilers_own_thread_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
