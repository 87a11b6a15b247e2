/*
 * heap_output: a heap profile that the program itself keeps, and where its bytes go. Any thread.
 */
#ifndef INPROC_HEAP_OUTPUT_H
#define INPROC_HEAP_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

int heap_output_start(uint64_t rate, struct err *err);

/* ERR_USAGE if none is kept. */
int heap_output_stop(struct err *err);

/* What is live and was allocated until now, into a file that is replaced whole; "%p" is the pid.
 * The calling thread writes it. */
int heap_output_write(const char *path, struct err *err);

#endif
