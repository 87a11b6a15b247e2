/* cpu_threads: a CPU timer for every thread of this process. */
#include "inproc/cpu_threads.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "inproc/hook_signal.h"
#include "inproc/own_threads.h"
#include "inproc/sig_action.h"
#include "inproc/sig_cpu.h"
#include "inproc/stackbounds.h"
#include "proc/procfs.h"

#define STACK_TRIES 16
#define NO_ROW UINT32_MAX

/* What only this file needs to know of a row. */
struct row {
	int timer;         /* the kernel's number */
	uint64_t phase_ns; /* of its expiries, after … */
	uint64_t armed_ns; /* … this time of the thread's clock */
	uint32_t next_free;
	uint32_t seen;  /* in which scan */
	uint32_t tries; /* to find its stack */
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
} threads = { .lock = PTHREAD_MUTEX_INITIALIZER, .first_free = NO_ROW };

/* The calling thread's row, if it armed itself. */
static __thread struct {
	uint32_t row, arming;
} mine __attribute__((tls_model("initial-exec")));

int cpu_threads_claim(int signal_number, struct err *err)
{
	struct sigaction action = { .sa_sigaction = sig_cpu_handle,
		.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };
	struct sigaction old;

	if (hook_signal_action(signal_number, NULL, &old) < 0)
		return err_errno(err, errno, "cannot look at signal %d", signal_number);
	if (old.sa_handler != SIG_DFL && old.sa_handler != SIG_IGN &&
		old.sa_sigaction != sig_cpu_handle)
		return err_set(err, ERR_DENIED,
			"this program handles signal %d (%s) itself; choose another one",
			signal_number, sigdescr_np(signal_number));
	/* All of them, libc's own too: a cancellation must not unwind out of the handler. */
	memset(&action.sa_mask, 0xff, sizeof(action.sa_mask));
	if (hook_signal_action(signal_number, &action, NULL) < 0)
		return err_errno(err, errno, "cannot handle signal %d", signal_number);
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

static uint64_t tick_of_kernel(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0 || tick.tv_sec || tick.tv_nsec < 1)
		return 4000000;
	return (uint64_t)tick.tv_nsec;
}

uint64_t cpu_threads_period(uint64_t wanted_ns)
{
	uint64_t tick_ns = tick_of_kernel();

	return wanted_ns > tick_ns ? wanted_ns : tick_ns;
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
}

/* The kernel's name for the CPU clock of any thread of this process. */
static clockid_t clock_of(pid_t tid)
{
	return (clockid_t)((~(unsigned)tid) << 3 | 6);
}

/* 0 if the thread is gone. */
static uint64_t cpu_time_of(pid_t tid)
{
	struct timespec now;

	if (clock_gettime(clock_of(tid), &now) < 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int start_timer(pid_t tid, uint32_t row, uint32_t arming, uint64_t phase_ns)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = threads.signal_number,
		.sigev_value.sival_ptr = sig_cpu_value(row, arming),
		._sigev_un._tid = tid };
	uint64_t first = cpu_threads_first_expiry(phase_ns, threads.tick_ns);
	struct itimerspec when = { .it_value = timespec_of(first),
		.it_interval = timespec_of(threads.period_ns) };
	int timer;

	if (syscall(SYS_timer_create, clock_of(tid), &event, &timer) < 0)
		return -1;
	if (syscall(SYS_timer_settime, timer, 0, &when, NULL) < 0) {
		syscall(SYS_timer_delete, timer);
		return -1;
	}
	return timer;
}

static uint32_t take_row(void)
{
	uint32_t row = threads.first_free;

	if (row != NO_ROW)
		threads.first_free = threads.rows[row].next_free;
	else if (threads.n_rows < SIG_CPU_THREADS_MAX)
		row = threads.n_rows++;
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
		.armed_ns = cpu_time_of(tid) };
	atomic_store(&threads.table[row].arming, arming);
	timer = start_timer(tid, row, arming, threads.rows[row].phase_ns);
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
	uint64_t now_ns = cpu_time_of((pid_t)threads.table[row].tid);

	if (now_ns <= r->armed_ns)
		return 0;
	return (int64_t)cpu_threads_due(now_ns - r->armed_ns, r->phase_ns, threads.period_ns) -
	       (int64_t)threads.table[row].delivered;
}

static void disarm(uint32_t row)
{
	threads.owed += owed_by(row);
	atomic_store(&threads.table[row].arming, 0);
	syscall(SYS_timer_delete, threads.rows[row].timer);
	map_remove(&threads.row_of, threads.table[row].tid);
	give_back(row);
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
	for (uint32_t row = 0; row < threads.n_rows; row++)
		if (threads.table[row].arming && threads.rows[row].seen != threads.scan)
			disarm(row);
}

static void find_stacks(void)
{
	BUF_AUTO maps = { 0 };

	for (uint32_t i = 0; i < threads.n_rows; i++) {
		struct sig_cpu_thread *thread = &threads.table[i];
		struct stackbounds bounds;

		if (!thread->arming || thread->high || !atomic_load(&thread->needs_stack))
			continue;
		if (threads.rows[i].tries++ > STACK_TRIES ||
			(maps.len == 0 && procfs_read_maps(getpid(), &maps, NULL) < 0))
			continue;
		if (stackbounds_find(buf_view(&maps), thread->sp, thread->self, &bounds)) {
			thread->low = bounds.low;
			atomic_store_explicit(&thread->high, bounds.high, memory_order_release);
		}
		atomic_store(&thread->needs_stack, 0);
	}
}

int cpu_threads_start(uint64_t period_ns, struct err *err)
{
	int rc = 0;

	pthread_mutex_lock(&threads.lock);
	threads.period_ns = period_ns;
	threads.tick_ns = tick_of_kernel();
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
		find_stacks();
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
	pthread_mutex_unlock(&threads.lock);
}

static void unblock(int signal_number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal_number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
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

		mine.row = row;
		mine.arming = thread->arming;
		thread->low = bounds.low;
		atomic_store(&thread->high, known ? bounds.high : 0);
	}
	pthread_mutex_unlock(&threads.lock);
	unblock(threads.signal_number);
}

void cpu_threads_leave(void)
{
	if (!mine.arming)
		return;
	pthread_mutex_lock(&threads.lock);
	if (threads.table[mine.row].arming == mine.arming)
		disarm(mine.row);
	mine.arming = 0;
	pthread_mutex_unlock(&threads.lock);
}

void cpu_threads_after_fork(void)
{
	pthread_mutex_init(&threads.lock, NULL);
	atomic_store(&threads.on, false);
	mine.arming = 0;
	/* The map may have been half changed by a thread that is not here any more. */
	threads.row_of = (struct map){ 0 };
	threads.first_free = NO_ROW;
	for (uint32_t row = 0; row < threads.n_rows; row++)
		atomic_store(&threads.table[row].arming, 0);
	threads.n_rows = 0;
}

bool cpu_threads_are_on(void)
{
	return atomic_load_explicit(&threads.on, memory_order_relaxed);
}
