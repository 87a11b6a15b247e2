/*
 * sig_cpu: the handler of the CPU timers: one stack of the interrupted thread into the ring.
 *
 * Each armed thread has a row in a table that is set up once and never moves; its timer's signals
 * carry the row's number and the number of the arming, so that a late signal is told apart and
 * ignored; one of somebody else's goes to sig_action. Nothing here allocates, locks or logs.
 *
 * A thread may have a perf event in the place of its timer (kernel_event). Its signals carry
 * nothing, so a thread looks for its row by its number, once for each arming. What a record of the
 * event weighs is told by the CPU time that passed, so that ticks which came late, or not at all,
 * are charged to the next. An event does not count what the kernel takes to change threads (up to a
 * tenth of the CPU time of a thread that waits often), so now and then the thread's clock is asked.
 */
#ifndef INPROC_SIG_CPU_H
#define INPROC_SIG_CPU_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

#include "inproc/sig_sample.h"

#define SIG_CPU_THREADS_MAX 32768

struct sig_cpu_thread {
	_Atomic uint32_t arming;      /* 0 = this row is free */
	_Atomic uint32_t needs_stack; /* a sample met it without knowing its stack … */
	_Atomic uint64_t sp, self;  /* … and here it was: stack pointer, and the thread's block */
	_Atomic uint64_t low, high; /* the thread's own stack; high 0 = not known */
	_Atomic uint32_t delivered; /* expiries that signals told of */
	uint32_t tid;
	uint32_t tries;        /* of cpu_stacks, to find its stack */
	_Atomic(void *) event; /* the mapped perf event; NULL: it has a timer */
	uint64_t base_ns;      /* of its CPU clock: what passed since then is charged to records */
	uint64_t ahead_ns;     /* so much more than the event counts: the handler's own … */
	uint64_t charged;      /* … as this: periods that were charged until now */
};

#define SIG_CPU_BY_EVENT 1 /* as a record's kind: with what the kernel did, if it did anything */

/* What handlers work with, beside the tables of sig_tables. Records have the weight (the expiries
 * that they stand for) as their first value. */
struct sig_cpu_setup {
	struct sig_ring *ring;
	struct sig_cpu_thread *threads;
	uint32_t n_threads;
	uint64_t period_ns;
};

struct sig_cpu_counts {
	_Atomic uint64_t attempted; /* expiries */
	_Atomic uint64_t ring_full; /* of these, lost */
};

extern struct sig_cpu_counts sig_cpu_counts;
extern _Atomic uint32_t sig_cpu_rows; /* rows that were ever used */

/* The calling thread's row, as sig_cpu_value; 0 = not known. */
extern __thread uintptr_t sig_cpu_mine __attribute__((tls_model("initial-exec")));

/* The value a timer's signals carry. */
static inline void *sig_cpu_value(uint32_t row, uint32_t arming)
{
	return (void *)((uintptr_t)arming << 32 | row);
}

/* Handlers that begin from now on use `setup` (borrowed; NULL: they do nothing). */
void sig_cpu_set(const struct sig_cpu_setup *setup);

/* Whether no handler is running at this moment. Once true after sig_cpu_set, what was set before
 * can go. */
int sig_cpu_quiet(void);

/* In the child of a fork no handler of the parent runs. */
void sig_cpu_after_fork(void);

void sig_cpu_handle(int number, siginfo_t *info, void *context);

/* The handler of events' signals. */
void sig_cpu_handle_event(int number, siginfo_t *info, void *context);

#endif
