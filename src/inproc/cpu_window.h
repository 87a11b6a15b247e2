/*
 * cpu_window: one CPU profile in the making: its samples, what became of all of them, and how it is
 * written.
 *
 * Several windows may be open at once, each with its own beginning and end. What a window counts is
 * the difference between two readings of totals that only grow.
 */
#ifndef INPROC_CPU_WINDOW_H
#define INPROC_CPU_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/cpu_threads.h"
#include "inproc/own_profile.h"

struct sig_sample;

/* Readings at one moment. */
struct cpu_window_totals {
	uint64_t ring_full;
	uint64_t process_ns,
		profiler_ns; /* CPU time of all threads; of them, of the profiler's own */
	struct cpu_threads_stats threads;
};

struct cpu_window {
	struct own_profile own;
	struct accounting accounting;
	struct cpu_window_totals began;
	uint64_t period_ns, began_ns;
	uint64_t by_event, in_kernel; /* expiries of perf events; of these, while in the kernel */
	char no_kernel[256];          /* why there are no kernel frames that were asked for */
};

int cpu_window_open(struct cpu_window *window, struct own_space *space, uint64_t period_ns,
	const struct cpu_window_totals *now, struct err *err);

void cpu_window_take(struct cpu_window *window, const struct sig_sample *sample);

/* No sample will follow. `late` expiries were told of by handlers that never came back. */
void cpu_window_end(struct cpu_window *window, const struct cpu_window_totals *now, uint64_t late);

/* One more line for the person who reads the profile. */
void cpu_window_comment(struct cpu_window *window, struct view line);

/* The kernel's frames were asked for and are not to be had. */
void cpu_window_say_no_kernel(struct cpu_window *window, const char *why);

/* After its end: gives own.profile its names and its accounting. */
int cpu_window_name(struct cpu_window *window, struct err *err);

/* That, and appends it as zipped pprof. */
int cpu_window_write(struct cpu_window *window, struct buf *out, struct err *err);

/* Frees what it holds; one that was never opened is fine if it is zeroed. */
void cpu_window_close(struct cpu_window *window);

#endif
