/*
 * cpu_capture: the one CPU profile of this process that somebody has asked for, from its start to
 * its bytes.
 *
 * Everything here runs on the engine's thread.
 */
#ifndef INPROC_CPU_CAPTURE_H
#define INPROC_CPU_CAPTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/cpu_source.h"
#include "inproc/kind.h"

#define CPU_CAPTURE_HZ CPU_SOURCE_HZ
#define CPU_CAPTURE_HZ_MAX CPU_SOURCE_HZ_MAX

struct cpu_capture_options {
	unsigned hz;       /* 0 = what runs already, else CPU_CAPTURE_HZ */
	int signal_number; /* 0 = SIGPROF */
	bool kernel;       /* with the kernel's frames, where it allows that; the profile says */
};

/* ERR_LIMIT if one is running, ERR_DENIED if the program has the signal. When it returns, every
 * thread is armed. */
int cpu_capture_start(const struct cpu_capture_options *options, struct err *err);

/* Appends the profile as zipped pprof. ERR_USAGE if none is running; it has ended in any case. */
int cpu_capture_stop(struct buf *out, struct err *err);

/* Ends it without a profile. */
void cpu_capture_cancel(void);

bool cpu_capture_running(void);

extern const struct kind cpu_capture_kind;

/* In the child of a fork: it was the parent's. */
void cpu_capture_after_fork(void);

#endif
