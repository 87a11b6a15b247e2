/* sig_heap: what the hooks of malloc and free do while a heap profile is kept. */
#include "inproc/sig_heap.h"

#include "inproc/sig_mask.h"
#include "inproc/sig_poisson.h"
#include "inproc/sig_sample.h"

#define PAGE 4096u
#define GRAIN 256u           /* bytes that share a byte of the filter */
#define PART_OFF (16u << 10) /* bytes until a thread looks whether a profile has begun … */
#define PART_ON (64u << 10)  /* … or ended */
#define FULL UINT8_MAX       /* of a byte of the filter: it stays so */

struct sig_heap_counts sig_heap_counts;
_Atomic uint32_t sig_heap_epoch;
_Atomic uint8_t sig_heap_filter[SIG_HEAP_FILTER];
__thread struct sig_heap_thread sig_heap_thread __attribute__((tls_model("initial-exec")));

static _Atomic(const struct sig_heap_setup *) current;
static uint32_t last_epoch;
static _Atomic uint32_t bits_used; /* of the last table that is used */

static struct {
	const void *at;
	size_t size;
} suspect;

void sig_heap_suspect(const void *at, size_t size)
{
	uint64_t end = (uint64_t)at + size;

	suspect.at = at;
	suspect.size = size;
	for (uint64_t i = (uint64_t)at & ~(uint64_t)(GRAIN - 1); i < end; i += GRAIN)
		atomic_store_explicit(&sig_heap_filter[sig_heap_index((const void *)i)], FULL,
			memory_order_relaxed);
}

void sig_heap_begin(const struct sig_heap_setup *setup)
{
	for (size_t i = 0; last_epoch && i < SIG_HEAP_FILTER; i++)
		atomic_store_explicit(&sig_heap_filter[i], 0, memory_order_relaxed);
	sig_heap_suspect(suspect.at, suspect.size);
	sig_heap_counts = (struct sig_heap_counts){ 0 };
	atomic_store(&bits_used, SIG_HEAP_BITS_MIN);
	atomic_store(&current, setup);
	if (++last_epoch == 0)
		last_epoch = 1;
	atomic_store(&sig_heap_epoch, last_epoch);
	sig_heap_join();
}

void sig_heap_end(void)
{
	atomic_store(&sig_heap_epoch, 0);
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static void count(_Atomic uint64_t *counter)
{
	add(counter, 1);
}

static void lose(_Atomic uint64_t *why, uint64_t size, uint64_t mean)
{
	count(why);
	add(&sig_heap_counts.lost_objects, (uint64_t)sig_poisson_objects(size, mean));
	add(&sig_heap_counts.lost_bytes, (uint64_t)sig_poisson_bytes(size, mean));
}

static void filter_add(const void *at)
{
	_Atomic uint8_t *byte = &sig_heap_filter[sig_heap_index(at)];
	uint8_t old = atomic_load_explicit(byte, memory_order_relaxed);

	while (old != FULL && !atomic_compare_exchange_weak(byte, &old, (uint8_t)(old + 1)))
		;
}

static void filter_remove(const void *at)
{
	_Atomic uint8_t *byte = &sig_heap_filter[sig_heap_index(at)];
	uint8_t old = atomic_load_explicit(byte, memory_order_relaxed);

	while (old != FULL && old && !atomic_compare_exchange_weak(byte, &old, (uint8_t)(old - 1)))
		;
}

/* A change of the slot of an address: from what, to what. */
struct change {
	const void *at;
	uint64_t from, to;
};

/* The first slot of the address's buckets, in the table of so many bits, that holds `from`, which
 * becomes `to`. */
static uint32_t change_in(
	uint32_t bits, const struct sig_heap_setup *setup, const struct change *change)
{
	uint64_t hash = (uint64_t)change->at * 0x9e3779b97f4a7c15u;
	uint32_t first = (uint32_t)(hash >> (64 - bits)) & ~(SIG_HEAP_BUCKET - 1);

	for (uint32_t i = 0; i < SIG_HEAP_BUCKET * SIG_HEAP_BUCKETS_TRIED; i++) {
		uint32_t slot = SIG_HEAP_BASE(bits) + (first + i) % (1u << bits);
		uint64_t is = atomic_load_explicit(&setup->slots[slot], memory_order_relaxed);

		if (is == change->from &&
			atomic_compare_exchange_strong(&setup->slots[slot], &is, change->to))
			return slot;
	}
	return SIG_HEAP_NO_SLOT;
}

/* A free slot becomes the address's. */
static uint32_t claim(const struct sig_heap_setup *setup, const void *at)
{
	const struct change change = { at, 0, (uint64_t)at };
	uint32_t bits = atomic_load(&bits_used), slot;

	while ((slot = change_in(bits, setup, &change)) == SIG_HEAP_NO_SLOT &&
		bits < SIG_HEAP_BITS_MAX) {
		uint32_t more = bits + SIG_HEAP_BITS_STEP;

		if (atomic_compare_exchange_strong(&bits_used, &bits, more))
			bits = more;
	}
	return slot;
}

/* The live address's slot goes into that state. */
static uint32_t leave(const struct sig_heap_setup *setup, const void *at, uint64_t state)
{
	const struct change change = { at, (uint64_t)at, (uint64_t)at | state };
	uint32_t slot = SIG_HEAP_NO_SLOT;

	for (uint32_t bits = atomic_load(&bits_used);
		slot == SIG_HEAP_NO_SLOT && bits >= SIG_HEAP_BITS_MIN; bits -= SIG_HEAP_BITS_STEP)
		slot = change_in(bits, setup, &change);
	return slot;
}

static void end_use(const struct sig_heap_setup *setup, uint32_t slot)
{
	uint64_t at = atomic_load(&setup->slots[slot]) & ~(uint64_t)SIG_HEAP_STATE;

	filter_remove((const void *)at);
	atomic_fetch_add(&setup->uses[slot], 1);
	atomic_store(&setup->slots[slot], 0);
}

/* Only the page that the stack pointer is in is surely there; the walker tries others first. */
static void record(const struct sig_heap_setup *setup, const struct sig_sample *head,
	const struct sig_sample_place *place)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);
	struct sig_sample_request request = { .tables = sig_tables_enter(), .place = place };
	uint32_t slot = (uint32_t)head->values[1];
	int kept = 0;

	request.walk.stack.low = here & ~(uint64_t)(PAGE - 1);
	request.walk.stack.high = request.walk.stack.low + PAGE;
	if (!request.tables)
		lose(&sig_heap_counts.not_ready, head->values[0], setup->mean);
	else if (sig_sample_put(setup->rings[0], head, &request) ||
		 sig_sample_put(setup->rings[1], head, &request))
		kept = 1;
	else
		lose(&sig_heap_counts.ring_full, head->values[0], setup->mean);
	sig_tables_leave();
	if (!kept && slot != SIG_HEAP_NO_SLOT) { /* the program does not have the block yet */
		end_use(setup, slot);
	}
}

static uint64_t seed(void)
{
	uint64_t x = (uint64_t)&sig_heap_thread ^ (uint64_t)__builtin_ia32_rdtsc() << 20;

	x = (x ^ x >> 31) * 0xbf58476d1ce4e5b9u;
	x ^= x >> 29;
	return x ? x : 1;
}

static void set_gap(struct sig_heap_thread *thread, uint64_t gap)
{
	thread->until = gap < PART_ON ? gap : PART_ON;
	thread->rest = gap - thread->until;
}

/* Whether this allocation, for which the part was too small, is one that is sampled. */
static int is_due(const struct sig_heap_setup *setup, size_t size)
{
	struct sig_heap_thread *thread = &sig_heap_thread;
	uint32_t epoch = atomic_load(&sig_heap_epoch);
	uint64_t left = thread->until + thread->rest;

	if (epoch == 0 || !setup) {
		thread->until = PART_OFF;
		thread->rest = 0;
		thread->epoch = 0;
		return 0;
	}
	if (thread->epoch != epoch) {
		thread->epoch = epoch;
		if (!thread->random)
			thread->random = seed();
		left = (uint64_t)sig_poisson_gap(&thread->random, setup->mean);
	}
	if (left >= size) {
		set_gap(thread, left - size);
		return 0;
	}
	set_gap(thread, (uint64_t)sig_poisson_gap(&thread->random, setup->mean));
	return !thread->exempt;
}

__attribute__((noinline)) void sig_heap_sample(
	void *at, size_t size, uint64_t leaf, uint64_t caller)
{
	const struct sig_heap_setup *setup = atomic_load(&current);
	struct sig_heap_thread *thread = &sig_heap_thread;
	struct sig_sample head = { .values = { size + !size, SIG_HEAP_NO_SLOT } };
	struct sig_sample_place place = { .leaf = leaf, .caller = caller };
	uint64_t signals;
	uint32_t slot;

	if (!is_due(setup, head.values[0]) || !at)
		return;
	signals = sig_mask_hold_handlers();
	count(&sig_heap_counts.attempted);
	if (thread->inside) {
		lose(&sig_heap_counts.not_ready, head.values[0], setup->mean);
		sig_mask_release(signals);
		return;
	}
	thread->inside = 1;
	atomic_signal_fence(memory_order_seq_cst);
	/* It was given back in a way that is not seen: to jemalloc's sdallocx. */
	if (sig_heap_may_be_sampled(at))
		sig_heap_forget(at);
	slot = claim(setup, at);
	if (slot != SIG_HEAP_NO_SLOT) {
		filter_add(at);
		head.values[1] = sig_heap_place(slot, atomic_load(&setup->uses[slot]));
	}
	head.kind = sig_heap_kind(thread->epoch);
	record(setup, &head, &place);
	atomic_signal_fence(memory_order_seq_cst);
	thread->inside = 0;
	sig_mask_release(signals);
}

__attribute__((noinline)) void sig_heap_forget(void *at)
{
	const struct sig_heap_setup *setup = atomic_load(&current);
	uint32_t slot;

	if (!atomic_load_explicit(&sig_heap_epoch, memory_order_relaxed) || !setup || !at)
		return;
	slot = leave(setup, at, SIG_HEAP_GONE);
	if (slot == SIG_HEAP_NO_SLOT)
		return;
	end_use(setup, slot);
	count(&sig_heap_counts.gone);
}

uint32_t sig_heap_hold(void *at)
{
	const struct sig_heap_setup *setup = atomic_load(&current);

	if (!atomic_load_explicit(&sig_heap_epoch, memory_order_relaxed) || !setup || !at ||
		!atomic_load_explicit(&sig_heap_filter[sig_heap_index(at)], memory_order_relaxed))
		return SIG_HEAP_NO_SLOT;
	return leave(setup, at, SIG_HEAP_MOVING);
}

void sig_heap_settle(uint32_t slot, int given_back)
{
	const struct sig_heap_setup *setup = atomic_load(&current);
	uint64_t is, address;

	if (slot == SIG_HEAP_NO_SLOT)
		return;
	is = atomic_load(&setup->slots[slot]);
	address = is & ~(uint64_t)SIG_HEAP_STATE;
	if (is != (address | SIG_HEAP_MOVING)) /* a profile has ended, and another begun */
		return;
	if (!given_back) {
		atomic_store(&setup->slots[slot], address);
		return;
	}
	end_use(setup, slot);
	count(&sig_heap_counts.gone);
}
