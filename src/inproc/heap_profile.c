/* heap_profile: what this process has allocated, and what of it is still live, by samples. */
#include "inproc/heap_profile.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/vec.h"
#include "inproc/hook_malloc.h"
#include "inproc/own_names.h"
#include "inproc/own_profile.h"
#include "inproc/sig_heap.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"
#include "inproc/walk_tables.h"
#include "model/copy.h"

#define DRAIN_MS 100
#define BUSY_MS 10
#define BUSY_SAMPLES 200 /* in a drain: the next one comes sooner */
#define RING_WORDS ((size_t)1 << 19)

/* A stack with labels, and what its samples stand for; objects in units of 1/SIG_POISSON_ONE. */
struct site {
	uint32_t stack, labels;
	int64_t alloc_objects, alloc_bytes, live_objects, live_bytes;
};

struct live {
	uint64_t place; /* as sig_heap_place */
	uint32_t site;
	int64_t objects, bytes;
};

static struct {
	bool running;
	struct sig_heap_setup setup; /* mapped once, never unmapped: a hook may be late */
	struct sig_ring ring;
	struct own_profile own; /* stacks and labels; without samples or names */
	struct map site_of;     /* stack << 32 | labels -> site + 1 */
	struct site *sites;     /* owned */
	struct live *lives;     /* owned */
	size_t n_sites, cap_sites, n_lives, cap_lives;
	uint64_t swept; /* of sig_heap_counts.gone */
	size_t drained;
	uint64_t unlabelled; /* samples whose labels were left out */
	struct accounting accounting;
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

static int make_memory(struct err *err)
{
	size_t size = SIG_HEAP_SLOTS * sizeof(uint64_t);

	if (!heap.ring.words)
		heap.ring.words = reserve(RING_WORDS * sizeof(uint64_t));
	heap.ring.n_words = RING_WORDS;
	if (!heap.setup.slots)
		heap.setup.slots = reserve(size);
	else
		madvise((void *)heap.setup.slots, size, MADV_DONTNEED);
	if (!heap.setup.uses)
		heap.setup.uses = reserve(SIG_HEAP_SLOTS * sizeof(uint32_t));
	if (!heap.ring.words || !heap.setup.slots || !heap.setup.uses)
		return err_set(err, ERR_NOMEM, "out of memory for the samples of the heap");
	heap.setup.ring = &heap.ring;
	return 0;
}

static void discard(void *owner, const void *record, size_t words)
{
}

/* Of memory that is not ours to free any more, too. */
static void clear(void)
{
	heap.own = (struct own_profile){ 0 };
	heap.site_of = (struct map){ 0 };
	heap.sites = NULL;
	heap.lives = NULL;
	heap.n_sites = heap.cap_sites = heap.n_lives = heap.cap_lives = 0;
	heap.unlabelled = heap.swept = 0;
	heap.running = false;
}

static void forget(void)
{
	own_profile_fini(&heap.own);
	map_fini(&heap.site_of);
	free(heap.sites);
	free(heap.lives);
	clear();
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
	rc = own_profile_init(&heap.own, walk_tables_space(), err);
	if (rc < 0) {
		walk_tables_done();
		return rc;
	}
	sig_ring_drain(&heap.ring, discard, NULL);
	heap.accounting = (struct accounting){ .known = true };
	heap.began_ns = (int64_t)clock_realtime_ns();
	heap.setup.mean = rate ? rate : HEAP_PROFILE_RATE;
	heap.running = true;
	sig_heap_thread.exempt = 1; /* the engine's own */
	sig_heap_begin(&heap.setup);
	return 0;
}

void heap_profile_stop(void)
{
	if (!heap.running)
		return;
	sig_heap_end();
	forget();
	walk_tables_done();
}

static struct site *site_of(uint32_t stack, uint32_t labels)
{
	bool is_new;
	uint64_t *known = map_add(&heap.site_of, (uint64_t)stack << 32 | labels, &is_new);
	struct site *site;

	if (!known)
		return NULL;
	if (!is_new && *known)
		return &heap.sites[*known - 1];
	site = VEC_ADD(heap.sites, heap.n_sites, heap.cap_sites);
	if (!site)
		return NULL;
	*site = (struct site){ .stack = stack, .labels = labels };
	*known = heap.n_sites;
	return site;
}

/* With so many sites new ones go without labels; with twice as many, not at all. */
static struct site *find_site(const struct sig_sample *sample)
{
	struct own_profile_place place;

	if (!own_profile_place(&heap.own, sample, heap.n_sites < HEAP_PROFILE_SITES_MAX, &place))
		return NULL;
	if (heap.n_sites >= HEAP_PROFILE_SITES_MAX)
		heap.unlabelled++;
	if (heap.n_sites >= 2 * HEAP_PROFILE_SITES_MAX &&
		!map_find(&heap.site_of, (uint64_t)place.stack << 32 | place.labels))
		return NULL;
	if (place.truncated < 0)
		heap.accounting.complete++;
	else
		heap.accounting.truncated[place.truncated]++;
	return site_of(place.stack, place.labels);
}

static void take(void *owner, const void *record, size_t words)
{
	const struct sig_sample *sample = record;
	int64_t objects = sig_poisson_objects(sample->values[0], heap.setup.mean);
	int64_t bytes = sig_poisson_bytes(sample->values[0], heap.setup.mean);
	struct live *live;
	struct site *site;

	if (sample->kind != sig_heap_kind(atomic_load(&sig_heap_epoch)))
		return;
	site = find_site(sample);
	if (!site) {
		heap.accounting.lost[LOST_NO_MEMORY]++;
		return;
	}
	site->alloc_objects += objects;
	site->alloc_bytes += bytes;
	if (sample->values[1] == SIG_HEAP_NO_SLOT)
		return;
	live = VEC_ADD(heap.lives, heap.n_lives, heap.cap_lives);
	if (!live)
		return;
	*live = (struct live){ sample->values[1], (uint32_t)(site - heap.sites), objects, bytes };
	site->live_objects += objects;
	site->live_bytes += bytes;
}

/* What was given back is no longer live. */
static void sweep(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < heap.n_lives; i++) {
		const struct live *live = &heap.lives[i];
		struct site *site = &heap.sites[live->site];

		if (sig_heap_is_live(&heap.setup, live->place)) {
			heap.lives[kept++] = *live;
			continue;
		}
		site->live_objects -= live->objects;
		site->live_bytes -= live->bytes;
	}
	heap.n_lives = kept;
	heap.swept = atomic_load(&sig_heap_counts.gone);
}

/* In rough proportion to what a look at all of them costs. */
static bool is_worth_sweeping(void)
{
	return (atomic_load(&sig_heap_counts.gone) - heap.swept) * 4 > heap.n_lives + 256;
}

static void catch_up(void)
{
	sig_ring_drain(&heap.ring, take, NULL);
	sweep();
}

static void count_samples(struct profile *into)
{
	struct accounting *a = &into->accounting;
	uint64_t known;
	BUF_AUTO line = { 0 };

	*a = heap.accounting;
	a->lost[LOST_RING_FULL] =
		atomic_load(&sig_heap_counts.ring_full) + atomic_load(&sig_heap_counts.not_ready);
	known = a->complete + accounting_truncated(a) + accounting_lost(a);
	a->attempted = known; /* hooks that are at it just now come later */
	buf_add_format(&line,
		"flyover.heap rate=%llu live_samples=%zu not_followed=%llu unlabelled=%llu",
		(unsigned long long)heap.setup.mean, heap.n_lives,
		(unsigned long long)atomic_load(&sig_heap_counts.no_slot),
		(unsigned long long)heap.unlabelled);
	if (!line.failed)
		profile_comment(into, buf_view(&line));
}

static void add_header(struct profile *into, const char *default_type)
{
	static const char *const types[][2] = { { "alloc_objects", "count" },
		{ "alloc_space", "bytes" }, { "inuse_objects", "count" },
		{ "inuse_space", "bytes" } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		profile_add_type(into, view_of(types[i][0]), view_of(types[i][1]), NULL);
	into->default_type = profile_string(into, view_of(default_type));
	into->period_type.type = profile_string(into, VIEW("space"));
	into->period_type.unit = profile_string(into, VIEW("bytes"));
	into->period = (int64_t)heap.setup.mean;
	into->time_ns = (int64_t)clock_realtime_ns();
	into->duration_ns = into->time_ns - heap.began_ns;
}

/* The file of each mapping of `into`; owned by the caller; NULL without memory. */
static const struct own_file **copy_mappings(struct profile *into)
{
	const struct profile *from = heap.own.profile;
	const struct own_file **files = calloc(from->n_mappings + 1, sizeof(*files));

	for (size_t i = 1; files && i < from->n_mappings; i++) {
		struct mapping mapping = from->mappings[i];
		uint32_t id;

		mapping.file = profile_string(into, profile_text(from, mapping.file));
		mapping.build_id = profile_string(into, profile_text(from, mapping.build_id));
		id = profile_mapping(into, &mapping);
		if (id <= from->n_mappings && i < heap.own.n_file_of)
			files[id] = heap.own.file_of[i];
	}
	return files;
}

static int64_t whole(int64_t objects)
{
	return (objects + SIG_POISSON_ONE / 2) / SIG_POISSON_ONE;
}

static int fill(struct profile *into, const char *default_type, struct err *err)
{
	struct copy copy;
	int rc = copy_init(&copy, heap.own.profile, into, err);
	const struct own_file **files;

	add_header(into, default_type);
	files = copy_mappings(into);
	for (size_t i = 0; rc == 0 && i < heap.n_sites && !into->failed; i++) {
		const struct site *site = &heap.sites[i];
		int64_t values[4] = { whole(site->alloc_objects), site->alloc_bytes,
			whole(site->live_objects), site->live_bytes };

		profile_add(into, copy_stack(&copy, site->stack), copy_labels(&copy, site->labels),
			values);
	}
	copy_fini(&copy);
	count_samples(into);
	if (rc == 0 && (into->failed || !files))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = own_names_resolve(into, files, into->n_mappings, err);
	free(files);
	return rc;
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
	rc = fill(made, default_type, err);
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
	heap.drained = sig_ring_drain(&heap.ring, take, NULL);
	if (is_worth_sweeping())
		sweep();
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	sig_heap_end();
	sig_heap_thread.inside = 0;
	if (heap.ring.words)
		munmap((void *)heap.ring.words, RING_WORDS * sizeof(uint64_t));
	heap.ring = (struct sig_ring){ 0 };
	clear();
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
