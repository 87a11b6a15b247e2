/*
 * cpu_capture: one CPU profile of this process, from its start to its bytes.
 *
 * Everything here runs on the engine's thread.
 */
#ifndef INPROC_CPU_CAPTURE_H
#define INPROC_CPU_CAPTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/engine.h"
#include "inproc/kind.h"

#define CPU_CAPTURE_HZ 100
#define CPU_CAPTURE_HZ_MAX 1000

struct cpu_capture_options {
	unsigned hz;       /* 0 = CPU_CAPTURE_HZ */
	int signal_number; /* 0 = SIGPROF */
};

/* ERR_LIMIT if one is running, ERR_DENIED if the program has the signal. When it returns, every
 * thread is armed. */
int cpu_capture_start(const struct cpu_capture_options *options, struct err *err);

/* Appends the profile as zipped pprof. ERR_USAGE if none is running; it has ended in any case. */
int cpu_capture_stop(struct buf *out, struct err *err);

/* Ends it without a profile. */
void cpu_capture_cancel(void);

bool cpu_capture_running(void);

extern const struct engine_part cpu_capture_part;
extern const struct kind cpu_capture_kind;

#endif
