/* bench_profilers: the CPU profiler inside a program beside gperftools': what it costs, and how
 * true it is. */
#include <dlfcn.h>
#include <flyover/flyover.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "codec/codec.h"
#include "model/profile.h"

#define ROUNDS 201
#define PHASE_S 0.1
#define DEPTH 14
#define THREADS_MAX 64
#define TRUTH_S 12.0 /* CPU time of the known program */
#define OURS "/tmp/bench_profilers.ours"
#define THEIRS "/tmp/bench_profilers.theirs"

static int (*their_start)(const char *path);
static void (*their_stop)(void);
static volatile uint64_t sink;

static double cpu_s(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void start_with(int kernel)
{
	struct fly_cpu_options options = {
		.size = sizeof(options), .path = OURS, .signal_number = SIGUSR2, .kernel = kernel
	};
	struct fly_error error;

	if (fly_cpu_start(&options, &error)) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
}

static void our_start(void)
{
	start_with(0);
}

static void our_start_kernel(void)
{
	start_with(1);
}

static void our_stop(void)
{
	fly_cpu_stop(NULL);
}

static void their_start_too(void)
{
	their_start(THEIRS);
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*start)(void), (*stop)(void);
} profilers[] = { { "none", nothing, nothing }, { "flyover", our_start, our_stop },
	{ "… kernel", our_start_kernel, our_stop }, { "gperftools", their_start_too, NULL } };
#define N_PROFILERS (sizeof(profilers) / sizeof(profilers[0]))

static int compare(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

/* ---- cost ---- */

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static uint64_t work(
	int depth, uint64_t n)
{
	uint64_t x = n | 1;

	if (depth)
		return work(depth - 1, n) + 1;
	for (uint64_t i = 0; i < n; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	__asm__ volatile("" : "+r"(x) : : "memory");
	return x;
}

struct phase {
	double thread_s; /* the work, with the signals that it took */
	double rest_s;   /* the profiler's own thread, meanwhile */
};

static struct phase run_phase(uint64_t units)
{
	double thread = cpu_s(CLOCK_THREAD_CPUTIME_ID), process = cpu_s(CLOCK_PROCESS_CPUTIME_ID);
	struct phase phase;

	for (uint64_t i = 0; i < units; i++)
		sink += work(DEPTH, 1000);
	phase.thread_s = cpu_s(CLOCK_THREAD_CPUTIME_ID) - thread;
	phase.rest_s = cpu_s(CLOCK_PROCESS_CPUTIME_ID) - process - phase.thread_s;
	return phase;
}

static void measure(int p, uint64_t units, struct phase *ret)
{
	profilers[p].start();
	usleep(3000); /* what the start left to its thread is not a phase's */
	*ret = run_phase(units);
	profilers[p].stop ? profilers[p].stop() : their_stop();
	usleep(3000);
}

static void report_cost(int n_profilers)
{
	static struct phase phases[N_PROFILERS][ROUNDS];
	static double over[ROUNDS];
	uint64_t units = (uint64_t)(1000 * PHASE_S / run_phase(1000).thread_s);

	for (int r = 0; r < ROUNDS; r++)
		for (int k = 0; k < n_profilers; k++) {
			int p = (r + k) % n_profilers;

			measure(p, units, &phases[p][r]);
		}
	for (int p = 1; p < n_profilers; p++) {
		double rest = 0, all = 0;

		for (int r = 0; r < ROUNDS; r++) {
			over[r] = phases[p][r].thread_s / phases[0][r].thread_s - 1;
			rest += phases[p][r].rest_s;
			all += phases[p][r].thread_s;
		}
		qsort(over, ROUNDS, sizeof(*over), compare);
		printf("cost at 100 Hz, %-10s  in the thread %+.2f %% (median of %d pairs; "
		       "standard error about %.2f), "
		       "beside it %.2f %%\n",
			profilers[p].name, 100 * over[ROUNDS / 2], ROUNDS,
			100 * 1.25 * (over[3 * ROUNDS / 4] - over[ROUNDS / 4]) / 1.35 /
				sqrt(ROUNDS),
			100 * rest / all);
	}
}

/* ---- truth ---- */

#define PART(name, barrier)                                              \
	__attribute__((noinline)) static void name(double seconds)       \
	{                                                                \
		double until = cpu_s(CLOCK_THREAD_CPUTIME_ID) + seconds; \
		while (cpu_s(CLOCK_THREAD_CPUTIME_ID) < until)           \
			for (int i = 0; i < 20000; i++)                  \
				sink += (uint64_t)i;                     \
		__asm__ volatile(barrier ::: "memory");                  \
	}
PART(quarter, "nop")
PART(rest, "nop\n\tnop")

static void *live(void *seconds)
{
	quarter(0.25 * *(double *)seconds);
	rest(0.75 * *(double *)seconds);
	return NULL;
}

static double live_all(int n_threads)
{
	double began = cpu_s(CLOCK_PROCESS_CPUTIME_ID), seconds = TRUTH_S / n_threads;
	pthread_t threads[THREADS_MAX];

	for (int i = 0; i < n_threads; i++)
		pthread_create(&threads[i], NULL, live, &seconds);
	for (int i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	return cpu_s(CLOCK_PROCESS_CPUTIME_ID) - began;
}

static double samples_of(const struct profile *p, const char *name)
{
	double sum = 0;

	for (size_t i = 0; i < p->n_samples; i++)
		for (uint32_t s = p->samples[i].stack; s != STACK_EMPTY;
			s = p->stacks.nodes[s].parent) {
			const struct location *l = &p->locations[p->stacks.nodes[s].location];

			if (l->n_lines &&
				view_equal(profile_text(
						   p, p->functions[p->lines[l->first_line].function]
							      .name),
					view_of(name))) {
				sum += (double)p->values[i * p->n_types];
				break;
			}
		}
	return sum;
}

static void report_ours(int n_threads)
{
	PROFILE_AUTO p = NULL;
	BUF_AUTO bytes = { 0 };
	double a, b, all = 0, used;
	unsigned long long seen = 0, expected = 1;

	our_start();
	used = live_all(n_threads);
	our_stop();
	if (disk_read(OURS, 1 << 24, &bytes, NULL) < 0 ||
		codec_decode(buf_view(&bytes), &p, NULL) < 0)
		return;
	a = samples_of(p, "quarter");
	b = samples_of(p, "rest");
	for (size_t i = 0; i < p->n_samples; i++)
		all += (double)p->values[i * p->n_types];
	for (size_t i = 0; i < p->n_comments; i++)
		sscanf(profile_text(p, p->comments[i]).at,
			"flyover.cpu seen_ns=%llu expected_ns=%llu", &seen, &expected);
	printf("%2d threads, flyover     share of a quarter %.4f (sampling error %.4f)  "
	       "samples/CPU time %.3f  "
	       "seen/expected %.4f\n",
		n_threads, a / (a + b), sqrt(0.25 * 0.75 / (a + b)), all / 100 / used,
		(double)seen / (double)expected);
}

/* Their file: words; after a head of five, records {count, depth, addresses …}; count 0 ends it. */
static void report_theirs(int n_threads)
{
	BUF_AUTO bytes = { 0 };
	double used, all = 0;
	const uint64_t *w;
	size_t n, i = 5;

	their_start(THEIRS);
	used = live_all(n_threads);
	their_stop();
	if (disk_read(THEIRS, 1 << 26, &bytes, NULL) < 0)
		return;
	w = (const uint64_t *)(const void *)bytes.at;
	n = bytes.len / sizeof(*w);
	while (i + 2 < n && w[i]) {
		all += (double)w[i];
		i += 2 + w[i + 1];
	}
	printf("%2d threads, gperftools  samples/CPU time %.3f\n", n_threads, all / 100 / used);
}

int main(void)
{
	static const int threads[] = { 1, 4, 64 };
	void *library = dlopen("libprofiler.so.0", RTLD_NOW);

	if (library) {
		their_start = (int (*)(const char *))dlsym(library, "ProfilerStart");
		their_stop = (void (*)(void))dlsym(library, "ProfilerStop");
		setenv("CPUPROFILE_FREQUENCY", "100", 1);
	} else {
		printf("gperftools is not there: apt-get install libgoogle-perftools4\n");
	}
	if (!freopen("/dev/null", "w", stderr)) /* gperftools says there how many samples it took */
		return 1;
	report_cost(library ? N_PROFILERS : N_PROFILERS - 1);
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		report_ours(threads[i]);
		if (library)
			report_theirs(threads[i]);
	}
	unlink(OURS);
	unlink(THEIRS);
	return 0;
}
