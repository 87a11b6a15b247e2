/* cpu_threads: a CPU timer for every thread of this process. */
#include "inproc/cpu_threads.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "inproc/cpu_stacks.h"
#include "inproc/cpu_timer.h"
#include "inproc/hook_signal.h"
#include "inproc/kernel_event.h"
#include "inproc/own_signal.h"
#include "inproc/own_threads.h"
#include "inproc/sig_action.h"
#include "inproc/sig_cpu.h"
#include "inproc/stackbounds.h"
#include "proc/procfs.h"

#define NO_ROW UINT32_MAX

/* What only this file needs to know of a row. */
struct row {
	int timer;         /* the kernel's number; -1: an event has taken its place */
	uint64_t phase_ns; /* of its expiries, after … */
	uint64_t armed_ns; /* … this time of the thread's clock */
	uint32_t next_free;
	uint32_t seen; /* in which scan */
	bool no_event; /* the kernel gave none */
};

static struct {
	pthread_mutex_t lock;
	struct sig_cpu_thread *table; /* mapped once, never unmapped */
	struct row *rows;
	struct map row_of; /* tid -> row */
	uint32_t n_rows, first_free, arming, scan;
	uint64_t period_ns, tick_ns;
	int signal_number;
	struct cpu_threads_stats stats;
	int64_t owed; /* expiries, over all threads that were disarmed */
	_Atomic bool on;
	bool kernel;     /* threads that run are to have events */
	uint32_t events; /* how many have one */
} threads = { .lock = PTHREAD_MUTEX_INITIALIZER, .first_free = NO_ROW };

int cpu_threads_claim(int signal_number, struct err *err)
{
	struct sigaction old;
	int rc = own_signal_take(signal_number, sig_cpu_handle, &old, err);

	if (rc < 0)
		return rc;
	sig_action_take(signal_number, old.sa_sigaction == sig_cpu_handle ? NULL : &old);
	if (!cpu_threads_are_on()) /* else its timers have theirs already */
		threads.signal_number = signal_number;
	return 0;
}

struct sig_cpu_thread *cpu_threads_table(void)
{
	size_t size = SIG_CPU_THREADS_MAX * sizeof(*threads.table);
	void *at;

	if (threads.table)
		return threads.table;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
	if (at == MAP_FAILED)
		return NULL;
	threads.rows = calloc(SIG_CPU_THREADS_MAX, sizeof(*threads.rows));
	if (!threads.rows) {
		munmap(at, size);
		return NULL;
	}
	threads.table = at;
	return threads.table;
}

uint64_t cpu_threads_period(uint64_t wanted_ns)
{
	uint64_t tick_ns = cpu_timer_tick_ns();

	return wanted_ns > tick_ns ? wanted_ns : tick_ns;
}

static uint32_t take_row(void)
{
	uint32_t row = threads.first_free;

	if (row != NO_ROW)
		threads.first_free = threads.rows[row].next_free;
	else if (threads.n_rows < SIG_CPU_THREADS_MAX)
		row = threads.n_rows++;
	atomic_store(&sig_cpu_rows, threads.n_rows);
	return row;
}

static void give_back(uint32_t row)
{
	threads.rows[row].next_free = threads.first_free;
	threads.first_free = row;
}

/* The row of the thread, armed now or before; NO_ROW if the kernel would not. */
static uint32_t arm(pid_t tid)
{
	uint64_t *known = map_add(&threads.row_of, (uint64_t)tid, NULL);
	uint32_t row, arming;
	int timer;

	if (!known)
		return NO_ROW;
	if (*known)
		return (uint32_t)*known - 1;
	row = take_row();
	if (row == NO_ROW)
		goto refused;
	arming = ++threads.arming ? threads.arming : ++threads.arming;
	threads.table[row] = (struct sig_cpu_thread){ .tid = (uint32_t)tid };
	threads.rows[row] = (struct row){ .seen = threads.scan,
		.phase_ns = hash_pair(clock_monotonic_ns(), (uint64_t)tid << 32 | arming) %
			    threads.period_ns,
		.armed_ns = cpu_timer_now_ns(tid) };
	atomic_store(&threads.table[row].arming, arming);
	timer = cpu_timer_start(&(struct cpu_timer_options){ .tid = tid,
		.signal_number = threads.signal_number,
		.value = sig_cpu_value(row, arming),
		.first_ns = cpu_threads_first_expiry(threads.rows[row].phase_ns, threads.tick_ns),
		.period_ns = threads.period_ns });
	if (timer < 0) {
		atomic_store(&threads.table[row].arming, 0);
		give_back(row);
		goto refused;
	}
	threads.rows[row].timer = timer;
	threads.stats.armed++;
	*known = (uint64_t)row + 1;
	return row;
refused:
	map_remove(&threads.row_of, (uint64_t)tid);
	return NO_ROW;
}

/* What the thread's clock says it owes, less what came; either may be one ahead. */
static int64_t owed_by(uint32_t row)
{
	const struct row *r = &threads.rows[row];
	uint64_t now_ns = cpu_timer_now_ns((pid_t)threads.table[row].tid);

	if (now_ns <= r->armed_ns)
		return 0;
	return (int64_t)cpu_threads_due(now_ns - r->armed_ns, r->phase_ns, threads.period_ns) -
	       (int64_t)threads.table[row].delivered;
}

static void close_event(uint32_t row)
{
	void *event = atomic_exchange(&threads.table[row].event, NULL);

	threads.events -= event != NULL;
	kernel_event_close(event);
}

/* A thread may be in our handler: its event stays mapped. */
static void disarm(uint32_t row)
{
	threads.owed += owed_by(row);
	atomic_store(&threads.table[row].arming, 0);
	if (threads.rows[row].timer >= 0)
		cpu_timer_stop(threads.rows[row].timer);
	map_remove(&threads.row_of, threads.table[row].tid);
	give_back(row);
}

/* It has ended, or is the calling one: nobody reads its event any more. */
static void part_from(uint32_t row)
{
	disarm(row);
	close_event(row);
}

static void scan_tasks(void)
{
	pid_t *tids;
	size_t n, refused = 0;

	if (procfs_threads(getpid(), &tids, &n, NULL) < 0)
		return;
	threads.scan++;
	for (size_t i = 0; i < n; i++) {
		uint32_t row = own_threads_have(tids[i]) ? NO_ROW : arm(tids[i]);

		if (row != NO_ROW)
			threads.rows[row].seen = threads.scan;
		else if (!own_threads_have(tids[i]) &&
			 errno != EINVAL) /* EINVAL: it has just ended */
			refused++;
	}
	free(tids);
	if (refused > threads.stats.refused)
		threads.stats.refused = refused;
	/* The list may leave out a thread while others end. */
	for (uint32_t row = 0; row < threads.n_rows; row++)
		if (threads.table[row].arming && threads.rows[row].seen != threads.scan &&
			cpu_timer_now_ns((pid_t)threads.table[row].tid) == 0)
			part_from(row);
}

/* The time since the last expiry goes along, and half a period more: what is left when a thread
 * ends is that in the mean, and no record follows for it. */
static bool promote(uint32_t row)
{
	struct sig_cpu_thread *thread = &threads.table[row];
	struct row *r = &threads.rows[row];
	void *event = kernel_event_open((pid_t)thread->tid, threads.period_ns);
	uint64_t now_ns, last_ns;

	r->no_event = event == NULL;
	threads.stats.without_event += !event && errno != ESRCH; /* it has just ended */
	if (!event)
		return false;
	now_ns = cpu_timer_now_ns((pid_t)thread->tid);
	threads.events++;
	threads.stats.with_event++;
	cpu_timer_stop(r->timer);
	r->timer = -1;
	last_ns = r->armed_ns + r->phase_ns + (thread->delivered - 1) * threads.period_ns;
	thread->base_ns = last_ns - threads.period_ns / 2;
	thread->ahead_ns = now_ns > thread->base_ns ? now_ns - thread->base_ns : 0;
	thread->charged = 0;
	atomic_store(&thread->event, event);
	return true;
}

size_t cpu_threads_promote(void)
{
	size_t n = 0;

	pthread_mutex_lock(&threads.lock);
	for (uint32_t row = 0; threads.on && threads.kernel && row < threads.n_rows; row++)
		if (threads.table[row].arming && threads.rows[row].timer >= 0 &&
			threads.table[row].delivered && !threads.rows[row].no_event &&
			threads.events < CPU_THREADS_EVENTS_MAX)
			n += promote(row);
	pthread_mutex_unlock(&threads.lock);
	return n;
}

void cpu_threads_settle(void)
{
	pthread_mutex_lock(&threads.lock);
	for (uint32_t row = 0; threads.events && row < threads.n_rows; row++)
		if (!threads.table[row].arming)
			close_event(row);
	pthread_mutex_unlock(&threads.lock);
}

int cpu_threads_want_kernel(struct err *err)
{
	struct sigaction old;
	int rc = kernel_event_allowed(err);

	if (rc == 0)
		rc = own_signal_take(KERNEL_EVENT_SIGNAL, sig_cpu_handle_event, &old, err);
	pthread_mutex_lock(&threads.lock);
	threads.kernel |= rc == 0;
	pthread_mutex_unlock(&threads.lock);
	return rc;
}

int cpu_threads_start(uint64_t period_ns, struct err *err)
{
	int rc = 0;

	pthread_mutex_lock(&threads.lock);
	threads.period_ns = period_ns;
	threads.tick_ns = cpu_timer_tick_ns();
	threads.stats = (struct cpu_threads_stats){ 0 };
	threads.owed = 0;
	atomic_store(&threads.on, true);
	scan_tasks();
	if (threads.stats.armed == 0) {
		atomic_store(&threads.on, false);
		rc = err_set(err, ERR_IO, "the kernel gives no CPU timer to any thread");
	}
	pthread_mutex_unlock(&threads.lock);
	return rc;
}

void cpu_threads_scan(void)
{
	pthread_mutex_lock(&threads.lock);
	if (threads.on) {
		scan_tasks();
		cpu_stacks_find(threads.table, threads.n_rows);
	}
	pthread_mutex_unlock(&threads.lock);
}

void cpu_threads_look(struct cpu_threads_stats *ret)
{
	struct sigaction now;
	int64_t owed;

	pthread_mutex_lock(&threads.lock);
	owed = threads.owed;
	*ret = threads.stats;
	for (uint32_t row = 0; row < threads.n_rows; row++)
		if (threads.table[row].arming) {
			owed += owed_by(row);
			ret->living++;
		}
	ret->undelivered = owed > 0 ? (uint64_t)owed : 0;
	if (hook_signal_action(threads.signal_number, NULL, &now) == 0)
		ret->displaced = now.sa_sigaction != sig_cpu_handle;
	pthread_mutex_unlock(&threads.lock);
}

void cpu_threads_stop(void)
{
	pthread_mutex_lock(&threads.lock);
	atomic_store(&threads.on, false);
	for (uint32_t row = 0; row < threads.n_rows; row++)
		if (threads.table[row].arming)
			disarm(row);
	threads.kernel = false;
	pthread_mutex_unlock(&threads.lock);
}

void cpu_threads_enter(void)
{
	struct stackbounds bounds;
	bool known;
	uint32_t row;

	if (!atomic_load_explicit(&threads.on, memory_order_relaxed))
		return;
	known = stackbounds_of_self(&bounds);
	pthread_mutex_lock(&threads.lock);
	row = threads.on ? arm(gettid()) : NO_ROW;
	if (row != NO_ROW) {
		struct sig_cpu_thread *thread = &threads.table[row];

		sig_cpu_mine = (uintptr_t)sig_cpu_value(row, thread->arming);
		thread->low = bounds.low;
		atomic_store(&thread->high, known ? bounds.high : 0);
	}
	pthread_mutex_unlock(&threads.lock);
	own_signal_unblock(threads.signal_number);
	if (threads.kernel)
		own_signal_unblock(KERNEL_EVENT_SIGNAL);
}

void cpu_threads_leave(void)
{
	uintptr_t mine = sig_cpu_mine;
	uint32_t row = (uint32_t)mine;

	if (!mine)
		return;
	pthread_mutex_lock(&threads.lock);
	if (threads.table[row].arming == mine >> 32)
		part_from(row);
	sig_cpu_mine = 0;
	pthread_mutex_unlock(&threads.lock);
}

/* Events are the parent's, and not mapped here: something else may lie there by now. */
void cpu_threads_after_fork(void)
{
	pthread_mutex_init(&threads.lock, NULL);
	atomic_store(&threads.on, false);
	sig_cpu_mine = 0;
	/* The map may have been half changed by a thread that is not here any more. */
	threads.row_of = (struct map){ 0 };
	threads.first_free = NO_ROW;
	for (uint32_t row = 0; row < threads.n_rows; row++) {
		atomic_store(&threads.table[row].arming, 0);
		atomic_store(&threads.table[row].event, NULL);
	}
	threads.n_rows = 0;
	threads.events = 0;
	threads.kernel = false;
}

bool cpu_threads_are_on(void)
{
	return atomic_load_explicit(&threads.on, memory_order_relaxed);
}
