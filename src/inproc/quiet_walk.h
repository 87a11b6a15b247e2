/*
 * quiet_walk: the stack of a thread that waits, without its help.
 *
 * Its stack is copied through /proc/self/mem, which fails where memory is gone instead of
 * faulting, and walked there. Of its registers only the stack pointer is known; a caller that is
 * found by its frame pointer alone needs `fp`, as it was when the thread waited there before.
 */
#ifndef INPROC_QUIET_WALK_H
#define INPROC_QUIET_WALK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "inproc/sig_sample.h"
#include "inproc/thread_look.h"

/* A descriptor for the walks; -1 if this process may not read its own memory so. The caller's to
 * close. */
int quiet_walk_open(void);

/* Fills the sample, context and all. False unless the walk came to the thread's first frame and
 * the thread still waits there. */
bool quiet_walk_run(
	int memory, pid_t tid, const struct thread_look *look, uint64_t fp, struct sig_sample *ret);

#endif
