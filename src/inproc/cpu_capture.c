/* cpu_capture: one CPU profile of this process, from its start to its bytes. */
#include "inproc/cpu_capture.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "inproc/cpu_threads.h"
#include "inproc/own_profile.h"
#include "inproc/sig_cpu.h"
#include "inproc/walk_tables.h"

#define DRAIN_MS 100
#define SCAN_EVERY 2 /* drains */
#define QUIET_TRIES 2000
#define QUIET_WAIT_NS 500000
#define RING_WORDS_MIN ((size_t)1 << 17)
#define RING_WORDS_MAX ((size_t)1 << 20)
#define RING_WORDS_PER_CPU ((size_t)1 << 13)
#define NS_PER_S UINT64_C(1000000000)

static struct {
	bool running;
	struct sig_ring ring; /* its memory stays: a handler may be late */
	struct sig_cpu_setup setup;
	struct own_profile own;
	struct accounting accounting;
	uint64_t period_ns, began_ns, process_ns, engine_ns;
	unsigned drains;
} capture;

bool cpu_capture_running(void)
{
	return capture.running;
}

static uint64_t thread_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static int make_ring(struct err *err)
{
	size_t words = RING_WORDS_MIN;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	void *at;

	if (capture.ring.words)
		return 0;
	while (words < RING_WORDS_MAX && words < (size_t)(cpus > 0 ? cpus : 1) * RING_WORDS_PER_CPU)
		words *= 2;
	at = mmap(NULL, words * sizeof(uint64_t), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return err_set(err, ERR_NOMEM, "out of memory for the ring of samples");
	capture.ring.words = at;
	capture.ring.n_words = words;
	return 0;
}

static int init_profile(struct err *err)
{
	struct profile *profile;
	int rc = own_profile_init(&capture.own, walk_tables_space(), err);

	if (rc < 0)
		return rc;
	profile = capture.own.profile;
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->period_type.type = profile_string(profile, VIEW("cpu"));
	profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
	profile->period = (int64_t)capture.period_ns;
	profile->time_ns = (int64_t)clock_realtime_ns();
	return 0;
}

static void discard(void *owner, const void *record, size_t words)
{
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

static void end(void)
{
	own_profile_fini(&capture.own);
	walk_tables_done();
	capture.running = false;
}

/* The table of threads and the ring stay for ever: a handler may be late. */
static int set_handlers(struct err *err)
{
	capture.setup = (struct sig_cpu_setup){ .ring = &capture.ring,
		.threads = cpu_threads_table(),
		.n_threads = SIG_CPU_THREADS_MAX };
	if (!capture.setup.threads)
		return err_set(err, ERR_NOMEM, "out of memory for the table of threads");
	sig_cpu_set(&capture.setup);
	return 0;
}

int cpu_capture_start(const struct cpu_capture_options *options, struct err *err)
{
	unsigned hz = options->hz ? options->hz : CPU_CAPTURE_HZ;
	int signal_number = options->signal_number ? options->signal_number : SIGPROF, rc;

	if (capture.running)
		return err_set(err, ERR_LIMIT,
			"a CPU profile is being taken already; there is one at a time");
	if (hz > CPU_CAPTURE_HZ_MAX)
		return err_set(err, ERR_USAGE, "%u samples a second are too many; the limit is %d",
			hz, CPU_CAPTURE_HZ_MAX);
	capture.period_ns = cpu_threads_period(NS_PER_S / hz);
	rc = cpu_threads_claim(signal_number, err);
	if (rc == 0)
		rc = make_ring(err);
	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	rc = init_profile(err);
	if (rc < 0) {
		walk_tables_done();
		return rc;
	}
	sig_ring_drain(&capture.ring, discard, NULL);
	atomic_store(&sig_cpu_counts.attempted, 0);
	atomic_store(&sig_cpu_counts.ring_full, 0);
	capture.accounting = (struct accounting){ .known = true,
		.hz = NS_PER_S / capture.period_ns,
		.cpus = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) };
	capture.drains = 0;
	capture.began_ns = clock_monotonic_ns();
	capture.process_ns = clock_process_cpu_ns();
	capture.engine_ns = thread_cpu_ns();
	capture.running = true;
	rc = set_handlers(err);
	if (rc == 0)
		rc = cpu_threads_start(capture.period_ns, err);
	if (rc < 0)
		cpu_capture_cancel();
	return rc;
}

static void take(void *owner, const void *record, size_t words)
{
	const struct sig_sample *sample = record;
	uint64_t weight = sample->values[0];
	int64_t values[2] = { (int64_t)weight, (int64_t)(weight * capture.period_ns) };

	own_profile_add(&capture.own, sample, values, weight, &capture.accounting);
}

/* How much of the CPU time that passed the samples stand for. */
static void say_expected(const struct cpu_threads_stats *stats)
{
	const struct accounting *a = &capture.accounting;
	uint64_t seen = (a->complete + accounting_truncated(a)) * capture.period_ns;
	uint64_t process_ns = clock_process_cpu_ns() - capture.process_ns;
	uint64_t engine_ns = thread_cpu_ns() - capture.engine_ns;
	BUF_AUTO line = { 0 };

	buf_add_format(&line, "flyover.cpu seen_ns=%llu expected_ns=%llu threads=%zu refused=%zu",
		(unsigned long long)seen,
		(unsigned long long)(process_ns > engine_ns ? process_ns - engine_ns : 0),
		stats->armed, stats->refused);
	if (stats->displaced)
		buf_add_text(&line, " handler=displaced");
	if (!line.failed)
		profile_comment(capture.own.profile, buf_view(&line));
}

static int write_profile(struct buf *out, struct err *err)
{
	struct profile *profile = capture.own.profile;
	int rc;

	profile->duration_ns = (int64_t)(clock_monotonic_ns() - capture.began_ns);
	profile->accounting = capture.accounting;
	rc = own_profile_name(&capture.own, err);
	return rc < 0 ? rc : kind_zip(profile, out, err);
}

int cpu_capture_stop(struct buf *out, struct err *err)
{
	struct accounting *a = &capture.accounting;
	struct cpu_threads_stats stats;
	uint64_t known;
	int rc;

	if (!capture.running)
		return err_set(err, ERR_USAGE, "no CPU profile is being taken");
	cpu_threads_stop(&stats);
	silence();
	sig_ring_drain(&capture.ring, take, NULL);
	a->attempted = atomic_load(&sig_cpu_counts.attempted);
	a->lost[LOST_RING_FULL] = atomic_load(&sig_cpu_counts.ring_full);
	known = a->complete + accounting_truncated(a) + accounting_lost(a);
	if (a->attempted > known) /* handlers that never came back */
		a->lost[LOST_RING_FULL] += a->attempted - known;
	a->attempted += stats.undelivered;
	a->lost[LOST_THROTTLED] = stats.undelivered;
	say_expected(&stats);
	rc = write_profile(out, err);
	end();
	return rc;
}

void cpu_capture_cancel(void)
{
	struct cpu_threads_stats stats;

	if (!capture.running)
		return;
	cpu_threads_stop(&stats);
	silence();
	sig_ring_drain(&capture.ring, discard, NULL);
	end();
}

static int prepare(struct engine_polls *polls)
{
	return capture.running ? DRAIN_MS : -1;
}

static void run(const struct engine_polls *polls)
{
	if (!capture.running)
		return;
	sig_ring_drain(&capture.ring, take, NULL);
	if (++capture.drains % SCAN_EVERY == 0)
		cpu_threads_scan();
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	struct sig_ring none = { 0 };

	sig_cpu_set(NULL);
	sig_cpu_after_fork();
	if (capture.ring.words)
		munmap((void *)capture.ring.words, capture.ring.n_words * sizeof(uint64_t));
	capture.ring = none;
	capture.running = false;
	capture.own = (struct own_profile){ 0 };
}

const struct engine_part cpu_capture_part = { prepare, run, after_fork };

static int start_kind(const struct kind_options *options, struct err *err)
{
	struct cpu_capture_options wanted = { .hz = options->hz };

	return cpu_capture_start(&wanted, err);
}

const struct kind cpu_capture_kind = { .name = "profile",
	.about = "where CPU time goes; <code>?seconds=30&amp;hz=100</code>",
	.start = start_kind,
	.stop = cpu_capture_stop,
	.cancel = cpu_capture_cancel,
	.running = cpu_capture_running,
	.busy = "Could not enable CPU profiling: cpu profiling already in use" };
