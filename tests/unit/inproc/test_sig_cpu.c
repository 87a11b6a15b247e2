/* test_sig_cpu: which signals become samples, and what is in them. */
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "inproc/sig_chain.h"
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

/* A record of the perf event, as sig_chain_take finds it. */
static uint64_t event[(SIG_CHAIN_PAGE + SIG_CHAIN_DATA) / 8];

static void put_record(uint64_t counted_ns, uint64_t n)
{
	struct perf_event_mmap_page *page = (struct perf_event_mmap_page *)event;
	uint64_t words[5] = { 0, counted_ns, n, PERF_CONTEXT_KERNEL, 0xffffffff81000001 };
	size_t n_words = 3 + n;

	((struct perf_event_header *)words)->type = PERF_RECORD_SAMPLE;
	((struct perf_event_header *)words)->size = (uint16_t)(n_words * 8);
	for (size_t i = 0; i < n_words; i++, page->data_head += 8)
		event[(SIG_CHAIN_PAGE + page->data_head % SIG_CHAIN_DATA) / 8] = words[i];
}

static size_t signal_event(int code)
{
	siginfo_t info = { .si_code = code };
	ucontext_t context;

	getcontext(&context);
	n_samples = 0;
	sig_cpu_handle_event(SIGURG, &info, &context);
	sig_ring_drain(&ring, keep, NULL);
	return n_samples;
}

static void prepare_event(uint64_t ahead_ns)
{
	memset(event, 0, sizeof(event));
	setup.period_ns = 1000;
	threads[ROW].tid = (uint32_t)gettid();
	threads[ROW].ahead_ns = ahead_ns;
	threads[ROW].base_ns = (uint64_t)1 << 62; /* the clock says nothing */
	threads[ROW].event = event;
	sig_cpu_rows = 8;
	sig_cpu_mine = 0;
}

static void an_events_record_weighs_the_time_that_passed(void **state)
{
	prepare_event(500);
	assert_int_equal(signal_event(POLL_IN), 0); /* no record */
	put_record(1010, 2);
	assert_int_equal(signal_event(POLL_IN), 1);
	assert_int_equal(last->values[0], 1);
	assert_int_equal(last->kind, SIG_CPU_BY_EVENT);
	assert_int_equal(last->n_kernel, 1);
	assert_int_equal(last->data[0], 0xffffffff81000001);
	assert_true(last->n_frames >= 2);
	put_record(4020, 0); /* ticks came late */
	assert_int_equal(signal_event(POLL_IN), 1);
	assert_int_equal(last->values[0], 3);
	assert_int_equal(last->n_kernel, 0);
	put_record(4480, 2);
	assert_int_equal(signal_event(POLL_IN), 0); /* too early to be charged */
	put_record(5020, 2);
	put_record(6020, 2);
	assert_int_equal(signal_event(POLL_IN), 2);
	assert_int_equal(threads[ROW].delivered, 6);
	assert_int_equal(sig_cpu_counts.attempted, 6);
}

static void what_an_event_does_not_count_is_charged_all_the_same(void **state)
{
	struct timespec now;

	prepare_event(0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	threads[ROW].base_ns =
		(uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - 1000000000;
	put_record(1010, 2);
	assert_int_equal(signal_event(POLL_IN), 1);
	assert_int_equal(last->values[0], 1);
	put_record(2010, 2);
	assert_int_equal(signal_event(POLL_IN), 1);
	assert_true(last->values[0] >= 999999); /* periods in a second */
}

static void an_events_signal_that_nobody_waits_for_is_let_go(void **state)
{
	prepare_event(0);
	put_record(1010, 2);
	assert_int_equal(signal_event(SI_USER), 0);
	assert_int_equal(signal_event(SI_KERNEL), 0); /* of a socket */
	sig_cpu_mine = (uintptr_t)sig_cpu_value(ROW, ARMING - 1);
	threads[ROW].tid++; /* somebody else's */
	assert_int_equal(signal_event(POLL_IN), 0);
	threads[ROW].tid--;
	threads[ROW].event = NULL;
	assert_int_equal(signal_event(POLL_IN), 0);
	threads[ROW].event = event;
	assert_int_equal(signal_event(POLL_IN), 1);
	assert_int_equal(sig_cpu_mine, (uintptr_t)sig_cpu_value(ROW, ARMING));
	sig_cpu_set(NULL);
	put_record(2010, 2);
	assert_int_equal(signal_event(POLL_IN), 0);
	assert_true(sig_cpu_quiet());
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
			what_an_event_does_not_count_is_charged_all_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_events_record_weighs_the_time_that_passed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_events_signal_that_nobody_waits_for_is_let_go, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_full_ring_is_counted_and_errno_kept, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
