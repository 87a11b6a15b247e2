/* lock_record: from a wait, or a lock that others waited for, to a record in a ring. */
#include "inproc/lock_record.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "inproc/sig_mask.h"
#include "inproc/sig_page.h"

#define HOOK_FRAMES 256 /* bytes of our own that may lie below a wait; a signal's take more */
#define READS_OTHERS_FRAMES __attribute__((noinline, no_sanitize("address", "undefined")))

struct lock_record_counts lock_record_counts;
_Atomic uint32_t lock_record_flag;
__thread struct lock_record_waiting lock_record_waiting __attribute__((tls_model("initial-exec")));

static struct {
	_Atomic(struct sig_ring *) ring;
	_Atomic uint64_t rate_ns;
} lock_record;

static __thread struct {
	uint64_t random; /* 0 = not seeded */
	bool left_out, inside;
} mine __attribute__((tls_model("initial-exec")));

static uint64_t now(void)
{
	struct timespec is;

	clock_gettime(CLOCK_MONOTONIC, &is);
	return (uint64_t)is.tv_sec * 1000000000u + (uint64_t)is.tv_nsec;
}

/* xorshift64*; each thread has its own. */
static uint64_t draw(uint64_t below)
{
	uint64_t x = mine.random;

	if (!x)
		x = ((uint64_t)__builtin_thread_pointer() ^ now()) * 0x9e3779b97f4a7c15u | 1;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	mine.random = x;
	return (uint64_t)((unsigned __int128)(x * 0x2545f4914f6cdd1du) * below >> 64);
}

void lock_record_start(struct sig_ring *ring, uint64_t rate_ns)
{
	atomic_store(&lock_record.ring, ring);
	atomic_store(&lock_record.rate_ns, rate_ns ? rate_ns : 1);
	atomic_store(&lock_record_flag, 1);
}

void lock_record_stop(void)
{
	atomic_store(&lock_record_flag, 0);
}

void lock_record_leave_out(void)
{
	mine.left_out = true;
}

void lock_record_after_fork(void)
{
	atomic_store(&lock_record_flag, 0);
	mine.left_out = mine.inside = false;
	mine.random = 0;
	lock_record_waiting.entry = NULL;
	lock_waiters_after_fork();
}

/* Whether it is recorded, and what it then stands for. */
static bool choose(uint64_t waited_ns, uint64_t *ret_count, uint64_t *ret_delay_ns)
{
	uint64_t rate_ns = atomic_load_explicit(&lock_record.rate_ns, memory_order_relaxed);

	*ret_count = 1;
	*ret_delay_ns = waited_ns;
	if (waited_ns >= rate_ns)
		return true;
	if (waited_ns == 0 || draw(rate_ns) >= waited_ns)
		return false;
	*ret_count = rate_ns / waited_ns + (draw(waited_ns) < rate_ns % waited_ns);
	*ret_delay_ns = rate_ns;
	return true;
}

/* Signals wait meanwhile, but for those that `inside` is for. */
static void record(
	enum lock_record_kind kind, uint64_t waited_ns, const struct sig_sample_place *place)
{
	struct sig_sample_request request = { .place = place };
	struct sig_sample head = { .kind = (uint8_t)kind };
	struct sig_ring *ring = atomic_load(&lock_record.ring);
	uint64_t signals;

	if (mine.left_out || mine.inside || !choose(waited_ns, &head.values[0], &head.values[1]))
		return;
	signals = sig_mask_hold_handlers();
	mine.inside = true;
	request.tables = sig_tables_enter();
	if (request.tables && ring && lock_record_is_on()) {
		atomic_fetch_add_explicit(
			&lock_record_counts.attempted[kind], 1, memory_order_relaxed);
		if (!sig_sample_put(ring, &head, &request))
			atomic_fetch_add_explicit(
				&lock_record_counts.ring_full[kind], 1, memory_order_relaxed);
	}
	sig_tables_leave();
	mine.inside = false;
	sig_mask_release(signals);
}

static void leave_lock(bool got, uint64_t now_ns)
{
	struct lock_record_waiting *waiting = &lock_record_waiting;
	struct lock_waiters_entry *entry = waiting->entry;

	waiting->entry = NULL;
	if (entry && got)
		lock_waiters_got(entry, waiting->began_ns);
	else if (entry)
		lock_waiters_gave_up(entry, now_ns);
}

static uint64_t mark_of(const struct lock_record_wait *wait, uint64_t began_ns)
{
	return began_ns ^ (uint64_t)(uintptr_t)wait;
}

/* A frame that lies above the wait's or that wrote into it came after it; one below it, of a
 * handler, may have interrupted it. Its stack may be gone, with a fiber. */
static READS_OTHERS_FRAMES bool is_over(const struct lock_record_waiting *waiting)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);
	uint64_t there = (uint64_t)&waiting->wait->mark;

	return here + HOOK_FRAMES >= there || !sig_page_is_there(there) ||
	       *(const volatile uint64_t *)there != mark_of(waiting->wait, waiting->began_ns);
}

__attribute__((noinline)) void lock_record_look_back(void)
{
	if (lock_record_waiting.entry && is_over(&lock_record_waiting))
		leave_lock(false, now());
}

/* Of a wait in a handler that interrupted another nobody is told. */
static void wait_for_lock(struct lock_record_wait *wait, const void *lock)
{
	struct lock_record_waiting *waiting = &lock_record_waiting;

	lock_record_look_back();
	if (!waiting->entry) {
		wait->mark = mark_of(wait, wait->began_ns);
		*waiting = (struct lock_record_waiting){ lock_waiters_add(lock, wait->began_ns),
			wait->began_ns, wait };
	}
	if (!waiting->entry || waiting->wait != wait)
		atomic_fetch_add_explicit(&lock_record_counts.uncharged, 1, memory_order_relaxed);
}

void lock_record_begin(struct lock_record_wait *wait, const void *lock)
{
	wait->counts = !mine.left_out;
	wait->began_ns = now();
	if (lock && wait->counts)
		wait_for_lock(wait, lock);
}

/* A call that refused (EDEADLK, EINVAL …) was no wait. */
void lock_record_end(struct lock_record_wait *wait, int error, const struct sig_sample_place *place)
{
	uint64_t now_ns = now();

	if (lock_record_waiting.entry && lock_record_waiting.wait == wait)
		leave_lock(error == 0 || error == EOWNERDEAD, now_ns);
	if (wait->counts && (error == 0 || error == EOWNERDEAD || error == ETIMEDOUT))
		record(LOCK_RECORD_BLOCK, now_ns - wait->began_ns, place);
}

uint64_t lock_record_charge(struct lock_waiters_entry *entry)
{
	return lock_waiters_charge(entry, now());
}

void lock_record_unlocked(uint64_t waited_ns, const struct sig_sample_place *place)
{
	record(LOCK_RECORD_MUTEX, waited_ns, place);
}
