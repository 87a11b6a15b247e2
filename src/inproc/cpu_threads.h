/*
 * cpu_threads: a CPU timer for every thread of this process.
 *
 * A timer runs on its thread's own CPU clock and signals that thread, so a sample is charged to
 * whoever ran. Threads that pthread_create makes arm themselves; all others (older ones, those made
 * by bare clone) are found in /proc/self/task and armed from here.
 *
 * The kernel looks at CPU timers at its ticks only. The first expiry is therefore a random
 * multiple of the tick, which makes the expected number of samples of a thread its CPU time divided
 * by the period, however short its life. Later expiries that fell together count by their overrun.
 * A period shorter than the tick tells nothing more and is made as long.
 *
 * Where the kernel's stacks are wanted, a thread that has had its first sample gets a perf event
 * instead of its timer. Threads that live short, or wait, so never cost the memory of one.
 *
 * All functions may be called from any thread, never from a signal handler.
 */
#ifndef INPROC_CPU_THREADS_H
#define INPROC_CPU_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define CPU_THREADS_EVENTS_MAX 256 /* at a time; each pins three pages */

struct sig_cpu_thread;

struct cpu_threads_stats {
	size_t armed;         /* ever, since the start … */
	size_t living;        /* … and of these, now */
	size_t refused;       /* threads the kernel gave no timer: RLIMIT_SIGPENDING */
	size_t with_event;    /* threads that got an event, ever … */
	size_t without_event; /* … and those that the kernel gave none: RLIMIT_MEMLOCK, descriptors
			       */
	uint64_t undelivered; /* expiries that were due and never signalled: ticks that a hypervisor
				 swallowed, and what was still to come when a thread ended */
	bool displaced;       /* somebody else has taken the signal's handler since */
};

/* Installs the handler. ERR_DENIED if the program handles the signal itself. */
int cpu_threads_claim(int signal_number, struct err *err);

/* The table of SIG_CPU_THREADS_MAX rows for handlers; NULL without memory. Stays for ever. */
struct sig_cpu_thread *cpu_threads_table(void);

/* The period that is really used for one that is wanted. */
uint64_t cpu_threads_period(uint64_t wanted_ns);

/* Arms all threads but those of own_threads, from now on new ones too. After cpu_threads_claim. */
int cpu_threads_start(uint64_t period_ns, struct err *err);
void cpu_threads_stop(void);

/* What became of them since the start; after the stop, in all. */
void cpu_threads_look(struct cpu_threads_stats *ret);

/* Arms threads that came unseen, forgets those that left, finds stacks that handlers asked for. To
 * be called a few times a second between start and stop. */
void cpu_threads_scan(void);

/* From here to the stop, threads are to have events. A sentence where that cannot be. */
int cpu_threads_want_kernel(struct err *err);

/* Gives an event to threads that have had a sample; returns how many. To be called often while
 * they are wanted. */
size_t cpu_threads_promote(void);

/* After the stop, when no handler is running any more: lets go of what they read. */
void cpu_threads_settle(void);

/* Whether it lies between start and stop. */
bool cpu_threads_are_on(void);

/* Called by each thread that pthread_create made: as it begins; as it ends. */
void cpu_threads_enter(void);
void cpu_threads_leave(void);

/* Forgets everything: in the child of a fork, where no timer and no other thread is left. */
void cpu_threads_after_fork(void);

/* The delay until the first expiry for a phase in [0, period). */
static inline uint64_t cpu_threads_first_expiry(uint64_t phase_ns, uint64_t tick_ns)
{
	uint64_t first = phase_ns / tick_ns * tick_ns;

	return first ? first : 1; /* 0 would disarm it */
}

/* How many expiries of that phase lie within so much CPU time. */
static inline uint64_t cpu_threads_due(uint64_t cpu_ns, uint64_t phase_ns, uint64_t period_ns)
{
	return cpu_ns < phase_ns ? 0 : (cpu_ns - phase_ns) / period_ns + 1;
}

#endif
