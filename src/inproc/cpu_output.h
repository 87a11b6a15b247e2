/*
 * cpu_output: a CPU capture that the program itself began, and where its bytes go.
 */
#ifndef INPROC_CPU_OUTPUT_H
#define INPROC_CPU_OUTPUT_H

#include <stdbool.h>

#include "base/err.h"
#include "inproc/cpu_capture.h"

struct cpu_output_options {
	const char *path; /* copied; "%p" is the pid; NULL = to fd */
	int fd;           /* borrowed until the stop */
	struct cpu_capture_options capture;
};

int cpu_output_start(const struct cpu_output_options *options, struct err *err);

/* The file is written by the calling thread, whole or not at all. */
int cpu_output_stop(struct err *err);

/* Whether one was started and not stopped. */
bool cpu_output_running(void);

/* In the child of a fork: the capture was the parent's. */
void cpu_output_after_fork(void);

#endif
