/* cpu_source: the CPU samples of this process, for whoever collects them. */
#include "inproc/cpu_source.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "inproc/cpu_threads.h"
#include "inproc/own_threads.h"
#include "inproc/sig_cpu.h"
#include "inproc/walk_tables.h"

#define DRAIN_MS 100
#define SCAN_NS UINT64_C(200000000)
#define PROMOTE_MS 20 /* while threads still get events for the kernel's frames … */
#define PROMOTE_NS UINT64_C(500000000) /* … and so long afterwards */
#define QUIET_TRIES 2000
#define QUIET_WAIT_NS 500000
#define RING_WORDS_MIN ((size_t)1 << 17)
#define RING_WORDS_MAX ((size_t)1 << 20)
#define RING_WORDS_PER_CPU ((size_t)1 << 13)
#define NS_PER_S UINT64_C(1000000000)

static struct {
	struct cpu_window *windows[CPU_SOURCE_WINDOWS_MAX]; /* borrowed */
	size_t n_windows;
	struct sig_ring ring; /* its memory stays: a handler may be late */
	struct sig_cpu_setup setup;
	uint64_t period_ns;
	uint64_t taken; /* expiries whose samples were read, since the timers run */
	uint64_t scanned_ns, promoted_ns;
	unsigned hz;
	bool kernel;                 /* somebody wants its frames … */
	_Atomic bool default_kernel; /* … all want them */
} source;

static int make_ring(struct err *err)
{
	size_t words = RING_WORDS_MIN;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	void *at;

	if (source.ring.words)
		return 0;
	while (words < RING_WORDS_MAX && words < (size_t)(cpus > 0 ? cpus : 1) * RING_WORDS_PER_CPU)
		words *= 2;
	at = mmap(NULL, words * sizeof(uint64_t), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return err_set(err, ERR_NOMEM, "out of memory for the ring of samples");
	source.ring.words = at;
	source.ring.n_words = words;
	return 0;
}

/* Handlers do nothing from here on; waits until those that run have ended. */
static void silence(void)
{
	const struct timespec pause = { .tv_nsec = QUIET_WAIT_NS };
	int tries = 0;

	sig_cpu_set(NULL);
	while (!sig_cpu_quiet() && tries++ < QUIET_TRIES)
		nanosleep(&pause, NULL);
}

/* The table of threads and the ring stay for ever: a handler may be late. */
static int set_handlers(struct err *err)
{
	source.setup = (struct sig_cpu_setup){ .ring = &source.ring,
		.threads = cpu_threads_table(),
		.n_threads = SIG_CPU_THREADS_MAX,
		.period_ns = source.period_ns };
	if (!source.setup.threads)
		return err_set(err, ERR_NOMEM, "out of memory for the table of threads");
	sig_cpu_set(&source.setup);
	return 0;
}

static void take(void *owner, const void *record, size_t words)
{
	const struct sig_sample *sample = record;

	source.taken += sample->values[0];
	for (size_t i = 0; i < source.n_windows; i++)
		cpu_window_take(source.windows[i], sample);
}

static void read_totals(struct cpu_window_totals *ret)
{
	ret->ring_full = atomic_load(&sig_cpu_counts.ring_full);
	ret->process_ns = clock_process_cpu_ns();
	ret->profiler_ns = own_threads_cpu_ns();
	cpu_threads_look(&ret->threads);
}

/* Everything but the timers. */
static int make_ready(const struct cpu_source_options *options, struct err *err)
{
	int signal_number = options->signal_number ? options->signal_number : SIGPROF, rc;

	source.hz = options->hz ? options->hz : CPU_SOURCE_HZ;
	source.period_ns = cpu_threads_period(NS_PER_S / source.hz);
	rc = cpu_threads_claim(signal_number, err);
	if (rc == 0)
		rc = make_ring(err);
	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	sig_ring_drain(&source.ring, take, NULL); /* into no window: what came too late for one */
	atomic_store(&sig_cpu_counts.attempted, 0);
	atomic_store(&sig_cpu_counts.ring_full, 0);
	source.taken = 0;
	source.scanned_ns = clock_monotonic_ns();
	rc = set_handlers(err);
	if (rc < 0)
		walk_tables_done();
	return rc;
}

/* Returns how many expiries handlers told of that never came back with a sample. */
static uint64_t stop_timers(void)
{
	uint64_t attempted, known;

	cpu_threads_stop();
	silence();
	if (sig_cpu_quiet())
		cpu_threads_settle();
	source.kernel = false;
	sig_ring_drain(&source.ring, take, NULL);
	attempted = atomic_load(&sig_cpu_counts.attempted);
	known = source.taken + atomic_load(&sig_cpu_counts.ring_full);
	return attempted > known ? attempted - known : 0;
}

static int join_first(
	struct cpu_window *window, const struct cpu_source_options *options, struct err *err)
{
	struct cpu_window_totals now;
	int rc = make_ready(options, err);

	if (rc < 0)
		return rc;
	read_totals(&now);
	now.threads = (struct cpu_threads_stats){ 0 };
	rc = cpu_window_open(window, walk_tables_space(), source.period_ns, &now, err);
	if (rc == 0)
		rc = cpu_threads_start(source.period_ns, err);
	if (rc < 0) {
		stop_timers();
		cpu_window_close(window);
		walk_tables_done();
	}
	return rc;
}

static int join_others(
	struct cpu_window *window, const struct cpu_source_options *options, struct err *err)
{
	struct cpu_window_totals now;

	if (options->hz && options->hz != source.hz)
		return err_set(err, ERR_LIMIT,
			"samples are being taken already, %u a second; ask for as many", source.hz);
	sig_ring_drain(&source.ring, take, NULL);
	read_totals(&now);
	return cpu_window_open(window, walk_tables_space(), source.period_ns, &now, err);
}

/* Without them it is a profile all the same, which says why it has none. */
static void want_kernel(struct cpu_window *window)
{
	struct err err = { 0 };

	window->own.kernel = true;
	if (cpu_threads_want_kernel(&err) < 0)
		cpu_window_say_no_kernel(window, err.text);
	else
		source.kernel = true;
	source.promoted_ns = clock_monotonic_ns();
}

int cpu_source_join(
	struct cpu_window *window, const struct cpu_source_options *options, struct err *err)
{
	int rc;

	*window = (struct cpu_window){ 0 };
	if (options->hz > CPU_SOURCE_HZ_MAX)
		return err_set(err, ERR_USAGE, "%u samples a second are too many; the limit is %d",
			options->hz, CPU_SOURCE_HZ_MAX);
	if (source.n_windows == CPU_SOURCE_WINDOWS_MAX)
		return err_set(err, ERR_LIMIT, "%d CPU profiles are being taken already",
			CPU_SOURCE_WINDOWS_MAX);
	rc = source.n_windows ? join_others(window, options, err)
			      : join_first(window, options, err);
	if (rc < 0)
		return rc;
	source.windows[source.n_windows++] = window;
	if (options->kernel || atomic_load(&source.default_kernel))
		want_kernel(window);
	return 0;
}

void cpu_source_leave(struct cpu_window *window)
{
	struct cpu_window_totals now;
	uint64_t late = 0;
	size_t i = 0;

	if (source.n_windows == 1)
		late = stop_timers();
	else
		sig_ring_drain(&source.ring, take, NULL);
	read_totals(&now);
	cpu_window_end(window, &now, late);
	while (source.windows[i] != window)
		i++;
	source.windows[i] = source.windows[--source.n_windows];
	if (!source.n_windows)
		walk_tables_done();
}

int cpu_source_cut(struct cpu_window *window, struct cpu_window *ret_done, struct err *err)
{
	struct cpu_window_totals now;
	struct cpu_window next;
	int rc;

	sig_ring_drain(&source.ring, take, NULL);
	read_totals(&now);
	rc = cpu_window_open(&next, walk_tables_space(), source.period_ns, &now, err);
	next.own.kernel = window->own.kernel;
	memcpy(next.no_kernel, window->no_kernel, sizeof(next.no_kernel));
	if (rc < 0) {
		cpu_window_close(&next);
		return rc;
	}
	cpu_window_end(window, &now, 0);
	*ret_done = *window;
	*window = next;
	return 0;
}

static int prepare(struct engine_polls *polls)
{
	if (!source.n_windows)
		return -1;
	return source.kernel && clock_monotonic_ns() - source.promoted_ns < PROMOTE_NS ? PROMOTE_MS
										       : DRAIN_MS;
}

static void run(const struct engine_polls *polls)
{
	if (!source.n_windows)
		return;
	sig_ring_drain(&source.ring, take, NULL);
	if (source.kernel && cpu_threads_promote() > 0)
		source.promoted_ns = clock_monotonic_ns();
	if (clock_monotonic_ns() - source.scanned_ns < SCAN_NS)
		return;
	source.scanned_ns = clock_monotonic_ns();
	cpu_threads_scan();
}

void cpu_source_default_kernel(void)
{
	atomic_store(&source.default_kernel, true);
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	struct sig_ring none = { 0 };

	sig_cpu_set(NULL);
	sig_cpu_after_fork();
	if (source.ring.words)
		munmap((void *)source.ring.words, source.ring.n_words * sizeof(uint64_t));
	source.ring = none;
	source.n_windows = 0;
	source.kernel = false;
}

const struct engine_part cpu_source_part = { prepare, run, after_fork };
