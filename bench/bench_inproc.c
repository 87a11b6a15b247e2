/* bench_inproc: what the library inside a program costs: walking, a sample, a label, a thread. */
#include <execinfo.h>
#include <flyover/flyover.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "inproc/own_space.h"
#include "inproc/sig_cpu.h"
#include "inproc/sig_walk.h"
#include "inproc/stackbounds.h"

#define ROUNDS 9
#define FRAMES_MAX 256

static uint64_t frames[FRAMES_MAX];
static size_t n_frames;
static struct own_space *space;
static struct stackwalk_tables with_tables, without_tables;
static const struct stackwalk_tables *tables;
static struct sig_walk_memory *memory;
static struct stackbounds stack;
static double walk_ns, backtrace_ns;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* others run here too */
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

#define MEDIAN_NS(times, statement)                                  \
	({                                                           \
		double rounds_[ROUNDS];                              \
		for (int r_ = 0; r_ < ROUNDS; r_++) {                \
			double began_ = now_ns();                    \
			for (int i_ = 0; i_ < (times); i_++)         \
				statement;                           \
			rounds_[r_] = (now_ns() - began_) / (times); \
		}                                                    \
		median(rounds_);                                     \
	})

static void walk_once(const ucontext_t *context)
{
	/* As the handler of a timer does it. */
	struct sig_walk walk __attribute__((uninitialized));
	int unmapped = 0;

	walk.tables = tables;
	walk.memory = memory;
	walk.stack = (struct sig_walk_stack){ stack.low, stack.high };

	for (int i = 0; i < UNWIND_REGS; i++)
		walk.walk.regs[i] = (uint64_t)context->uc_mcontext.gregs[i];
	sig_walk_run(&walk, frames, FRAMES_MAX, &n_frames, &unmapped);
}

static void measure_here(void)
{
	ucontext_t context;
	void *pcs[FRAMES_MAX];

	getcontext(&context);
	backtrace(pcs, FRAMES_MAX); /* loads its library */
	walk_ns = MEDIAN_NS(20000, walk_once(&context));
	backtrace_ns = MEDIAN_NS(2000, backtrace(pcs, FRAMES_MAX));
}

__attribute__((noinline, optimize("no-omit-frame-pointer", "no-optimize-sibling-calls"))) static int
dive_fp(int left)
{
	if (left)
		dive_fp(left - 1);
	else
		measure_here();
	return left;
}

__attribute__((noinline, optimize("omit-frame-pointer", "no-optimize-sibling-calls"))) static int
dive(int left)
{
	if (left)
		dive(left - 1);
	else
		measure_here();
	return left;
}

static void report_walk(
	const char *name, int (*function)(int), const struct stackwalk_tables *by, int depth)
{
	tables = by;
	function(depth);
	printf("walk %-22s %3zu frames  %7.0f ns  %5.1f ns/frame   backtrace() %7.0f ns  %5.2fx\n",
		name, n_frames, walk_ns, walk_ns / (double)n_frames, backtrace_ns,
		walk_ns / backtrace_ns);
}

static void ignore(int number, siginfo_t *info, void *context)
{
}

static void report_signals(void)
{
	struct sigaction action = { .sa_sigaction = ignore, .sa_flags = SA_SIGINFO };

	sigaction(SIGUSR1, &action, NULL);
	printf("a signal, to an empty handler and back   %7.0f ns\n",
		MEDIAN_NS(20000, raise(SIGUSR1)));
}

static void take_nothing(void *owner, const void *record, size_t words)
{
}

/* The handler's own part of a sample: the walk from here, and the record. */
static void report_sample(void)
{
	static _Atomic uint64_t words[1 << 17];
	static struct sig_cpu_thread threads[1];
	static struct sig_ring ring = { .words = words, .n_words = 1 << 17 };
	struct sig_cpu_setup setup = { .ring = &ring, .threads = threads, .n_threads = 1 };
	struct sig_tables walked = { .tables = with_tables, .memory = memory };
	siginfo_t info = { .si_code = SI_TIMER };
	ucontext_t context;

	threads[0].low = stack.low;
	threads[0].high = stack.high;
	threads[0].arming = 1;
	info.si_value.sival_ptr = sig_cpu_value(0, 1);
	getcontext(&context);
	sig_tables_set(&walked);
	sig_cpu_set(&setup);
	printf("a sample in the handler, 6 frames        %7.0f ns\n", MEDIAN_NS(20000, {
		sig_cpu_handle(SIGPROF, &info, &context);
		if (i_ % 100 == 99)
			sig_ring_drain(&ring, take_nothing, NULL);
	}));
	sig_cpu_set(NULL);
	sig_tables_set(NULL);
}

static void report_labels(void)
{
	int key = fly_label_key("route", NULL);
	struct fly_trace trace;

	fly_trace_parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", &trace, NULL);
	printf("label set and taken back                 %7.1f ns\n",
		MEDIAN_NS(5000000, fly_label_restore(fly_label_set(key, "/api/v1/things", 14))));
	printf("trace set                                %7.1f ns\n",
		MEDIAN_NS(5000000, fly_trace_set(&trace)));
}

static void *nothing(void *unused)
{
	return unused;
}

static void make_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, nothing, NULL) == 0)
		pthread_join(thread, NULL);
}

static void report_threads(void)
{
	struct fly_cpu_options options = { .size = sizeof(options), .path = "/dev/null" };
	double without = MEDIAN_NS(500, make_thread()), with;

	fly_cpu_start(&options, NULL);
	with = MEDIAN_NS(500, make_thread());
	fly_cpu_stop(NULL);
	printf("a thread, made and joined                %7.0f ns, under a profile %7.0f ns  "
	       "%.2fx\n",
		without, with, with / without);
}

/* ---- two threads that wait for each other, in turns ---- */

static int there[2], back[2];

static void pass(int from, int to)
{
	char byte;

	while (read(from, &byte, 1) != 1) /* events' signals interrupt it */
		;
	while (write(to, &byte, 1) != 1)
		;
}

static void *answer(void *unused)
{
	for (;;)
		pass(there[0], back[1]);
	return unused;
}

static double measure_switch(void)
{
	return MEDIAN_NS(20000, pass(back[0], there[1])) / 2;
}

static void report_switch(void)
{
	struct fly_cpu_options options = { .size = sizeof(options), .path = "/dev/null" };
	double ns[3];
	pthread_t thread;

	if (pipe(there) < 0 || pipe(back) < 0 || pthread_create(&thread, NULL, answer, NULL) ||
		write(there[1], "x", 1) != 1)
		return;
	ns[0] = measure_switch();
	for (options.kernel = 0; options.kernel <= 1; options.kernel++) {
		fly_cpu_start(&options, NULL);
		measure_switch();
		ns[1 + options.kernel] = measure_switch();
		fly_cpu_stop(NULL);
	}
	printf("a message to another thread               %7.0f ns, under a profile %7.0f ns, with "
	       "the kernel's frames %7.0f ns\n",
		ns[0], ns[1], ns[2]);
}

int main(void)
{
	struct unwind_mapping *untabled;

	if (own_space_new(&space, NULL) < 0 || own_space_refresh(space, NULL) < 0)
		return 1;
	stackbounds_of_self(&stack);
	with_tables = own_space_tables(space);
	without_tables = with_tables;
	untabled = malloc(with_tables.n_mappings * sizeof(*untabled));
	if (!untabled)
		return 1;
	memcpy(untabled, with_tables.mappings, with_tables.n_mappings * sizeof(*untabled));
	for (uint32_t i = 0; i < with_tables.n_mappings; i++)
		untabled[i].kind = UNWIND_MAPPING_NO_TABLE;
	without_tables.mappings = untabled;
	report_walk("frame pointers only", dive_fp, &without_tables, 12);
	report_walk("frame pointers only", dive_fp, &without_tables, 60);
	report_walk("tables, never seen", dive, &with_tables, 10);
	report_walk("tables, never seen", dive, &with_tables, 60);
	memory = calloc(1, sizeof(*memory));
	report_walk("tables", dive, &with_tables, 10);
	report_walk("tables", dive, &with_tables, 60);
	report_signals();
	report_sample();
	report_labels();
	report_threads();
	report_switch();
	own_space_free(space);
	free(untabled);
	return 0;
}
