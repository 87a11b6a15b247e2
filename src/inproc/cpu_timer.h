/*
 * cpu_timer: a timer on the CPU clock of one thread of this process, that signals that thread.
 *
 * Straight from the kernel: the C library's functions know no timers for other threads.
 */
#ifndef INPROC_CPU_TIMER_H
#define INPROC_CPU_TIMER_H

#include <stdint.h>
#include <sys/types.h>

/* How often the kernel looks at such timers. */
uint64_t cpu_timer_tick_ns(void);

/* The thread's CPU time; 0 if it is gone. */
uint64_t cpu_timer_now_ns(pid_t tid);

struct cpu_timer_options {
	pid_t tid;
	int signal_number;
	void *value; /* that its signals carry */
	uint64_t first_ns, period_ns;
};

/* Returns the kernel's number of it, or a negative number (and errno) if it gives none. */
int cpu_timer_start(const struct cpu_timer_options *options);

void cpu_timer_stop(int timer);

#endif
