/*
 * cpu_source: the CPU samples of this process, for whoever collects them.
 *
 * The timers run while at least one window is open; each sample goes to every window that is open
 * when it is read. Everything here runs on the engine's thread.
 */
#ifndef INPROC_CPU_SOURCE_H
#define INPROC_CPU_SOURCE_H

#include <stdbool.h>

#include "inproc/cpu_window.h"
#include "inproc/engine.h"

#define CPU_SOURCE_HZ 100
#define CPU_SOURCE_HZ_MAX 1000
#define CPU_SOURCE_WINDOWS_MAX 4

struct cpu_source_options {
	unsigned hz;       /* 0 = what runs already, else CPU_SOURCE_HZ */
	int signal_number; /* 0 = SIGPROF */
	bool kernel;       /* with the kernel's frames, where it allows that; the profile says */
};

/* Opens the window, which the caller keeps in place until it leaves. ERR_LIMIT if samples come at
 * another rate than the one that is asked for, ERR_DENIED if the program has the signal. When it
 * returns, every thread is armed. */
int cpu_source_join(
	struct cpu_window *window, const struct cpu_source_options *options, struct err *err);

/* The window has all samples until now and ends; it can be written, and has to be closed. */
void cpu_source_leave(struct cpu_window *window);

/* Ends what the window has until now, as *ret_done, and goes on with an empty one: no sample is
 * lost, none is in both. On failure it goes on as it was. */
int cpu_source_cut(struct cpu_window *window, struct cpu_window *ret_done, struct err *err);

/* From now on all windows that are opened have the kernel's frames; for the environment. */
void cpu_source_default_kernel(void);

extern const struct engine_part cpu_source_part;

#endif
