/* heap_profile: what this process has allocated, and what of it is still live, by samples. */
#include "inproc/heap_profile.h"

#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "inproc/heap_sites.h"
#include "inproc/heap_snapshot.h"
#include "inproc/hook_malloc.h"
#include "inproc/sig_cpu.h"
#include "inproc/sig_mask.h"
#include "inproc/walk_tables.h"

#define DRAIN_MS 100
#define BUSY_MS 10
#define BUSY_SAMPLES 200 /* in a drain: the next one comes sooner */
#define MOMENTS 3

/* The first has room for what there usually is between two drains. */
static const size_t ring_words[SIG_HEAP_RINGS] = { (size_t)1 << 14, (size_t)1 << 19 };

static struct {
	bool running;
	struct sig_heap_setup setup; /* mapped once, never unmapped: a hook may be late */
	struct sig_ring rings[SIG_HEAP_RINGS];
	struct heap_sites sites;
	size_t drained;
	int64_t began_ns;
} heap;

bool heap_profile_running(void)
{
	return heap.running;
}

static void *reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static bool make_rings(void)
{
	for (int i = 0; i < SIG_HEAP_RINGS; i++) {
		struct sig_ring *ring = &heap.rings[i];

		if (!ring->words)
			ring->words = reserve(ring_words[i] * sizeof(uint64_t));
		ring->n_words = ring_words[i];
		if (!ring->words)
			return false;
		heap.setup.rings[i] = ring;
	}
	return true;
}

static int make_memory(struct err *err)
{
	size_t size = SIG_HEAP_SLOTS * sizeof(uint64_t);

	if (!heap.setup.slots)
		heap.setup.slots = reserve(size);
	else
		madvise((void *)heap.setup.slots, size, MADV_DONTNEED);
	if (!heap.setup.uses)
		heap.setup.uses = reserve(SIG_HEAP_SLOTS * sizeof(uint32_t));
	if (!make_rings() || !heap.setup.slots || !heap.setup.uses)
		return err_set(err, ERR_NOMEM, "out of memory for the samples of the heap");
	return 0;
}

static size_t drain(void (*visit)(void *owner, const void *record, size_t words))
{
	size_t n = 0;

	for (int i = 0; i < SIG_HEAP_RINGS; i++)
		n += sig_ring_drain(&heap.rings[i], visit, &heap.sites);
	return n;
}

static void discard(void *owner, const void *record, size_t words)
{
}

static int check(uint64_t rate, struct err *err)
{
	if (heap.running)
		return err_set(err, ERR_LIMIT, "a heap profile is being kept already");
	if (rate > HEAP_PROFILE_RATE_MAX)
		return err_set(err, ERR_USAGE, "a heap profile takes a sample every 1 to %d bytes",
			HEAP_PROFILE_RATE_MAX);
	if (hook_malloc_sanitized())
		return err_set(err, ERR_UNSUPPORTED,
			"this program has a sanitizer, which brings its own malloc: no heap "
			"profile");
	if (!hook_malloc_works())
		return err_set(err, ERR_UNSUPPORTED,
			"malloc of this program does not come from libflyover: load it first, with "
			"LD_PRELOAD, for a heap profile");
	return 0;
}

int heap_profile_start(uint64_t rate, struct err *err)
{
	int rc = check(rate, err);

	if (rc == 0)
		rc = make_memory(err);
	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	heap.setup.mean = rate ? rate : HEAP_PROFILE_RATE;
	rc = heap_sites_init(&heap.sites, &heap.setup, walk_tables_space(), err);
	if (rc < 0) {
		walk_tables_done();
		return rc;
	}
	drain(discard);
	heap.began_ns = (int64_t)clock_realtime_ns();
	heap.running = true;
	sig_heap_thread.exempt = 1; /* the engine's own */
	sig_mask_look((sighandler_t)(uintptr_t)sig_cpu_handle);
	sig_heap_begin(&heap.setup);
	return 0;
}

void heap_profile_stop(void)
{
	if (!heap.running)
		return;
	sig_heap_end();
	heap_sites_fini(&heap.sites);
	heap.running = false;
	walk_tables_done();
}

/* Hooks that are at it just now get a moment to finish. */
static void catch_up(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	struct accounting unused;

	drain(heap_sites_take);
	for (int i = 0; i < MOMENTS && heap_sites_account(&heap.sites, &unused); i++) {
		nanosleep(&moment, NULL);
		drain(heap_sites_take);
	}
	heap_sites_sweep(&heap.sites);
}

static int snapshot(const char *default_type, struct profile **ret, struct err *err)
{
	PROFILE_AUTO made = NULL;
	int rc;

	if (!heap.running)
		return err_set(err, ERR_USAGE,
			"no heap profile is kept: start the program with FLYOVER_HEAPRATE=524288, "
			"or call fly_heap_start");
	made = profile_new();
	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	catch_up();
	rc = heap_snapshot_fill(made, &heap.sites, default_type, heap.began_ns, err);
	if (rc < 0)
		return rc;
	*ret = made;
	made = NULL;
	return 0;
}

static int snapshot_heap(struct profile **ret, struct err *err)
{
	return snapshot("inuse_space", ret, err);
}

static int snapshot_allocs(struct profile **ret, struct err *err)
{
	return snapshot("alloc_space", ret, err);
}

static int prepare(struct engine_polls *polls)
{
	if (!heap.running)
		return -1;
	return heap.drained > BUSY_SAMPLES ? BUSY_MS : DRAIN_MS;
}

static void run(const struct engine_polls *polls)
{
	if (!heap.running)
		return;
	heap.drained = drain(heap_sites_take);
	if (heap_sites_worth_sweeping(&heap.sites))
		heap_sites_sweep(&heap.sites);
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	sig_heap_end();
	sig_heap_thread.inside = 0;
	for (int i = 0; i < SIG_HEAP_RINGS; i++) {
		if (heap.rings[i].words)
			munmap((void *)heap.rings[i].words, ring_words[i] * sizeof(uint64_t));
		heap.rings[i] = (struct sig_ring){ 0 };
	}
	heap.sites = (struct heap_sites){ 0 };
	heap.running = false;
}

const struct engine_part heap_profile_part = { prepare, run, after_fork };
const struct kind heap_profile_heap = { .name = "heap",
	.about = "what is allocated and still live, and by whom",
	.text = KIND_TEXT_HEAP,
	.snapshot = snapshot_heap };
const struct kind heap_profile_allocs = { .name = "allocs",
	.about = "all that was allocated since the profile began, live or not",
	.text = KIND_TEXT_HEAP,
	.snapshot = snapshot_allocs };
