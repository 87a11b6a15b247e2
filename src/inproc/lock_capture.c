/* lock_capture: the waits of this process since recording began, as two profiles. */
#include "inproc/lock_capture.h"

#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "inproc/own_profile.h"
#include "inproc/sig_cpu.h"
#include "inproc/sig_mask.h"
#include "inproc/walk_tables.h"
#include "model/copy.h"

#define DRAIN_MS 100
#define RING_WORDS ((size_t)1 << 18)

static struct {
	bool running, ever;
	struct sig_ring ring; /* its memory stays: a hook may be late */
	uint64_t rate_ns, began_ns, ended_ns;
	struct own_profile own[LOCK_RECORD_KINDS];
	struct accounting accounting[LOCK_RECORD_KINDS];
} locks;

bool lock_capture_running(void)
{
	return locks.running;
}

static int make_ring(struct err *err)
{
	void *at;

	if (locks.ring.words)
		return 0;
	at = mmap(NULL, RING_WORDS * sizeof(uint64_t), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return err_set(err, ERR_NOMEM, "out of memory for the ring of waits");
	locks.ring.words = at;
	locks.ring.n_words = RING_WORDS;
	return 0;
}

static int init_profile(enum lock_record_kind kind, struct err *err)
{
	struct own_profile *own = &locks.own[kind];
	int rc;

	own_profile_fini(own);
	rc = own_profile_init(own, walk_tables_space(), err);
	if (rc < 0)
		return rc;
	profile_add_type(own->profile, VIEW("contentions"), VIEW("count"), NULL);
	profile_add_type(own->profile, VIEW("delay"), VIEW("nanoseconds"), NULL);
	own->profile->period_type.type = profile_string(own->profile, VIEW("contentions"));
	own->profile->period_type.unit = profile_string(own->profile, VIEW("count"));
	own->profile->period = 1;
	locks.accounting[kind] = (struct accounting){ .known = true };
	atomic_store(&lock_record_counts.attempted[kind], 0);
	atomic_store(&lock_record_counts.ring_full[kind], 0);
	return 0;
}

static void discard(void *owner, const void *record, size_t words)
{
}

/* One more stack than there is room for. */
static void add_to_rest(struct own_profile *own, const int64_t *values, struct accounting *a)
{
	struct profile *profile = own->profile;
	uint32_t rest = profile_named(profile, VIEW("[too many different stacks]"));

	profile_add(profile, profile_push(profile, STACK_EMPTY, rest), 0, values);
	a->truncated[TRUNCATED_DEPTH]++;
}

static void take(void *owner, const void *record, size_t words)
{
	static union sig_sample_room plain;
	const struct sig_sample *sample = record;
	int64_t values[2] = { (int64_t)sample->values[0], (int64_t)sample->values[1] };
	struct own_profile *own;

	if (sample->kind >= LOCK_RECORD_KINDS || words > SIG_SAMPLE_WORDS_MAX)
		return;
	own = &locks.own[sample->kind];
	if (own->profile->n_samples >= LOCK_CAPTURE_SAMPLES_MAX) {
		add_to_rest(own, values, &locks.accounting[sample->kind]);
		return;
	}
	if (own->profile->n_samples >= LOCK_CAPTURE_SAMPLES_MAX / 2) {
		memcpy(&plain, record, words * sizeof(uint64_t));
		memset(plain.sample.trace_id, 0, sizeof(plain.sample.trace_id));
		sample = &plain.sample;
	}
	own_profile_add(own, sample, values, 1, &locks.accounting[sample->kind]);
}

int lock_capture_start(uint64_t rate_ns, struct err *err)
{
	int rc;

	if (locks.running)
		return err_set(err, ERR_LIMIT, "waits are being recorded already");
	if (rate_ns > LOCK_CAPTURE_RATE_NS_MAX)
		return err_set(err, ERR_USAGE,
			"a rate of %llu ns for waits is too large; the limit is an hour",
			(unsigned long long)rate_ns);
	rc = make_ring(err);
	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	sig_ring_drain(&locks.ring, discard, NULL);
	for (int kind = 0; kind < LOCK_RECORD_KINDS && rc == 0; kind++)
		rc = init_profile((enum lock_record_kind)kind, err);
	if (rc < 0) {
		walk_tables_done();
		return rc;
	}
	locks.rate_ns = rate_ns ? rate_ns : LOCK_CAPTURE_RATE_NS;
	locks.began_ns = clock_monotonic_ns();
	locks.running = locks.ever = true;
	sig_mask_look((sighandler_t)(uintptr_t)sig_cpu_handle);
	lock_record_start(&locks.ring, locks.rate_ns);
	return 0;
}

int lock_capture_stop(struct err *err)
{
	if (!locks.running)
		return err_set(err, ERR_USAGE, "waits are not being recorded");
	lock_record_stop();
	sig_ring_drain(&locks.ring, take, NULL);
	locks.ended_ns = clock_monotonic_ns();
	locks.running = false;
	walk_tables_done();
	return 0;
}

/* Viewers name a profile after its first mapping, whether a sample is in it or not. */
static void copy_program(const struct profile *from, struct profile *into)
{
	struct mapping program;

	if (from->n_mappings < 2)
		return;
	program = from->mappings[1];
	program.file = profile_string(into, profile_text(from, program.file));
	program.build_id = profile_string(into, profile_text(from, program.build_id));
	profile_mapping(into, &program);
}

static int copy_profile(const struct profile *from, struct profile *into, struct err *err)
{
	struct copy copy;
	int rc = copy_init(&copy, from, into, err);

	copy_program(from, into);
	if (rc == 0)
		rc = copy_header(&copy, err);
	for (size_t i = 0; rc == 0 && i < from->n_samples && !into->failed; i++)
		profile_add(into, copy_stack(&copy, from->samples[i].stack),
			copy_labels(&copy, from->samples[i].labels),
			&from->values[i * from->n_types]);
	copy_fini(&copy);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

/* What this snapshot is of; the kept profile goes on without it. */
static void describe(enum lock_record_kind kind, struct profile *profile)
{
	struct accounting *a = &profile->accounting;
	BUF_AUTO line = { 0 };
	uint64_t known;

	*a = locks.accounting[kind];
	a->lost[LOST_RING_FULL] = atomic_load(&lock_record_counts.ring_full[kind]);
	known = a->complete + accounting_truncated(a) + accounting_lost(a);
	a->attempted = known; /* what is being written at this moment comes with the next one */
	profile->time_ns = (int64_t)clock_realtime_ns();
	profile->duration_ns =
		(int64_t)((locks.running ? clock_monotonic_ns() : locks.ended_ns) - locks.began_ns);
	buf_add_format(&line, "flyover.locks rate_ns=%llu uncharged=%llu",
		(unsigned long long)locks.rate_ns,
		(unsigned long long)atomic_load(&lock_record_counts.uncharged));
	if (!line.failed)
		profile_comment(profile, buf_view(&line));
}

int lock_capture_take(enum lock_record_kind kind, struct profile **ret, struct err *err)
{
	struct own_profile *own = &locks.own[kind];
	PROFILE_AUTO copy = profile_new();
	int rc;

	if (!locks.ever)
		return err_set(err, ERR_USAGE,
			"waits are not recorded: call fly_lock_start, or set FLYOVER_LOCKS");
	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	sig_ring_drain(&locks.ring, take, NULL);
	rc = own_profile_name(own, err);
	if (rc == 0)
		rc = copy_profile(own->profile, copy, err);
	if (rc < 0)
		return rc;
	describe(kind, copy);
	*ret = copy;
	copy = NULL;
	return 0;
}

static int take_block(struct profile **ret, struct err *err)
{
	return lock_capture_take(LOCK_RECORD_BLOCK, ret, err);
}

static int take_mutex(struct profile **ret, struct err *err)
{
	return lock_capture_take(LOCK_RECORD_MUTEX, ret, err);
}

const struct kind lock_capture_block = { .name = "block",
	.about = "where threads wait for locks, conditions, semaphores and each other",
	.text = KIND_TEXT_CONTENTION,
	.snapshot = take_block };

const struct kind lock_capture_mutex = { .name = "mutex",
	.about = "which holders of locks make others wait",
	.text = KIND_TEXT_CONTENTION,
	.snapshot = take_mutex };

static int prepare(struct engine_polls *polls)
{
	return locks.running ? DRAIN_MS : -1;
}

static void run(const struct engine_polls *polls)
{
	if (locks.running)
		sig_ring_drain(&locks.ring, take, NULL);
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	struct sig_ring none = { 0 };

	lock_record_after_fork();
	if (locks.ring.words)
		munmap((void *)locks.ring.words, locks.ring.n_words * sizeof(uint64_t));
	locks.ring = none;
	locks.running = locks.ever = false;
	for (int kind = 0; kind < LOCK_RECORD_KINDS; kind++)
		locks.own[kind] = (struct own_profile){ 0 };
}

const struct engine_part lock_capture_part = { prepare, run, after_fork };
