/*
 * wall_output: a wall-clock capture that the program itself began, and where its bytes go.
 */
#ifndef INPROC_WALL_OUTPUT_H
#define INPROC_WALL_OUTPUT_H

#include <stdbool.h>

#include "base/err.h"
#include "inproc/kind.h"

/* The endpoint's. */
extern const struct kind wall_output_kind;

struct wall_output_options {
	const char *path; /* copied; "%p" is the pid; NULL = to fd */
	int fd;           /* borrowed until the stop */
	unsigned hz;      /* 0 = WALL_CAPTURE_HZ */
};

int wall_output_start(const struct wall_output_options *options, struct err *err);

/* The file is written by the calling thread, whole or not at all. */
int wall_output_stop(struct err *err);

/* Whether one was started and not stopped. */
bool wall_output_running(void);

/* In the child of a fork: the capture was the parent's. */
void wall_output_after_fork(void);

#endif
