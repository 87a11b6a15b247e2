/*
 * wall_capture: where the time of every thread goes, whether it runs or waits.
 *
 * Threads are visited round and round; a visit charges all the time since the last one to the stack
 * that is found, so that each thread's sum is its life, however many there are and however late the
 * profiler comes. A thread that used no CPU time since still is where it was: that costs one call
 * to see, and disturbs nobody. What CPU time it used goes to the next stack it is found running in,
 * which makes the sum of `cpu` the threads' own.
 *
 *   samples count   wall ns   cpu ns     labels: state (running, waiting), thread, the thread's own
 *
 * On the engine's thread only.
 */
#ifndef INPROC_WALL_CAPTURE_H
#define INPROC_WALL_CAPTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "inproc/engine.h"

#define WALL_CAPTURE_HZ 100
#define WALL_CAPTURE_HZ_MAX 1000
#define WALL_CAPTURE_THREADS_MAX 32768

/* ERR_LIMIT if one is running, ERR_DENIED if the program handles SIGPROF itself. */
int wall_capture_start(unsigned hz, struct err *err);

/* Appends the profile as zipped pprof. ERR_USAGE if none is running; it has ended in any case. */
int wall_capture_stop(struct buf *out, struct err *err);

void wall_capture_cancel(void);
bool wall_capture_running(void);

extern const struct engine_part wall_capture_part;

#endif
