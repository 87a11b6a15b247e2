/* test_sig_cpu: which signals become samples, and what is in them. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#include "inproc/sig_context.h"
#include "inproc/sig_cpu.h"
#include "testing.h"

#define WORDS 4096
#define ROW 3
#define ARMING 77

static _Atomic uint64_t memory[WORDS];
static struct sig_cpu_thread threads[8];
static struct sig_ring ring;
static struct sig_cpu_setup setup;
static const struct sig_tables tables = { .generation = 5 };
static struct sig_sample *last;
static size_t n_samples;

static void keep(void *owner, const void *record, size_t words)
{
	free(last);
	last = malloc(words * sizeof(uint64_t));
	memcpy(last, record, words * sizeof(uint64_t));
	n_samples++;
}

/* A signal as the kernel sends it for an expired timer; returns how many samples it made. */
static size_t fire(int code, uint32_t row, uint32_t arming, int overrun)
{
	siginfo_t info = { .si_code = code };
	ucontext_t context;

	info.si_value.sival_ptr = sig_cpu_value(row, arming);
	info.si_overrun = overrun;
	getcontext(&context);
	n_samples = 0;
	sig_cpu_handle(SIGPROF, &info, &context);
	sig_ring_drain(&ring, keep, NULL);
	return n_samples;
}

static int set_up(void **state)
{
	memset((void *)memory, 0, sizeof(memory));
	ring = (struct sig_ring){ .words = memory, .n_words = WORDS };
	setup = (struct sig_cpu_setup){ .ring = &ring, .threads = threads, .n_threads = 8 };
	threads[ROW] = (struct sig_cpu_thread){ .arming = ARMING, .tid = 1234 };
	sig_cpu_counts.attempted = sig_cpu_counts.ring_full = 0;
	sig_tables_set(&tables);
	sig_cpu_set(&setup);
	return 0;
}

static int tear_down(void **state)
{
	sig_cpu_set(NULL);
	sig_tables_set(NULL);
	free(last);
	last = NULL;
	return 0;
}

static void an_expiry_weighs_what_it_stands_for(void **state)
{
	assert_int_equal(fire(SI_TIMER, ROW, ARMING, 4), 1);
	assert_int_equal(last->values[0], 5);
	assert_int_equal(last->tid, 1234);
	assert_int_equal(last->generation, 5);
	assert_true(last->n_frames >= 1);
	assert_int_equal(last->has_context, 0);
	assert_int_equal(sig_cpu_counts.attempted, 5);
}

static void other_signals_are_nobodys(void **state)
{
	assert_int_equal(fire(SI_USER, ROW, ARMING, 0), 0);
	assert_int_equal(fire(SI_TIMER, ROW, ARMING - 1, 0), 0); /* of an earlier capture */
	assert_int_equal(fire(SI_TIMER, ROW + 1, ARMING, 0), 0);
	assert_int_equal(fire(SI_TIMER, ROW + 1, 0, 0), 0);
	assert_int_equal(fire(SI_TIMER, 1000000, ARMING, 0), 0);
	assert_int_equal(sig_cpu_counts.attempted, 0);
	sig_cpu_set(NULL);
	assert_int_equal(fire(SI_TIMER, ROW, ARMING, 0), 0);
	assert_true(sig_cpu_quiet());
}

static void the_threads_context_comes_along(void **state)
{
	struct sig_context context = { .valid = 1 };
	const uint8_t trace[16] = { 1 }, span[8] = { 2 };

	sig_context_set_trace(&context, trace, span, 0);
	sig_context_add(&context, 9, "value", 5);
	otel_thread_ctx_v1 = &context;
	assert_int_equal(fire(SI_TIMER, ROW, ARMING, 0), 1);
	otel_thread_ctx_v1 = NULL;
	assert_int_equal(last->has_context, 1);
	assert_memory_equal(last->trace_id, trace, 16);
	assert_int_equal(last->attrs_size, 7);
	assert_memory_equal(&last->data[last->n_frames], "\x09\x05value", 7);
}

static void a_thread_of_unknown_stack_says_where_it_is(void **state)
{
	char here;

	assert_int_equal(fire(SI_TIMER, ROW, ARMING, 0), 1);
	assert_int_equal(threads[ROW].needs_stack, 1);
	assert_true(llabs((long long)threads[ROW].sp - (long long)(uintptr_t)&here) < 65536);
	threads[ROW].needs_stack = 0;
	threads[ROW].high = UINT64_MAX;
	assert_int_equal(fire(SI_TIMER, ROW, ARMING, 0), 1);
	assert_int_equal(threads[ROW].needs_stack, 0);
}

static void a_full_ring_is_counted_and_errno_kept(void **state)
{
	siginfo_t info = { .si_code = SI_TIMER };
	ucontext_t context;

	info.si_value.sival_ptr = sig_cpu_value(ROW, ARMING);
	getcontext(&context);
	errno = 42;
	for (int i = 0; i < 100000 && !sig_cpu_counts.ring_full; i++)
		sig_cpu_handle(SIGPROF, &info, &context);
	assert_int_equal(errno, 42);
	assert_int_equal(sig_cpu_counts.ring_full, 1);
	n_samples = 0;
	sig_ring_drain(&ring, keep, NULL);
	assert_int_equal(sig_cpu_counts.attempted, n_samples + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			an_expiry_weighs_what_it_stands_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_signals_are_nobodys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_threads_context_comes_along, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_thread_of_unknown_stack_says_where_it_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_full_ring_is_counted_and_errno_kept, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
