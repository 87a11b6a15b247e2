/*
 * kernel_event: a perf event that tells where one thread of this process is in the kernel.
 *
 * It counts the thread's CPU time, and for each period it writes the kernel's stack (see sig_chain)
 * and signals the thread. No descriptor stays open: the mapped memory keeps the event alive, is not
 * inherited by children and goes with an exec. Whoever maps one unmaps it.
 */
#ifndef INPROC_KERNEL_EVENT_H
#define INPROC_KERNEL_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* Its signal is one that does nothing by default: one that was sent before an exec and comes after
 * it harms nobody. */
#define KERNEL_EVENT_SIGNAL SIGURG

/* Whether such events can be had, and safely: a sentence if not. Opens one on the calling thread,
 * and closes it. */
int kernel_event_allowed(struct err *err);

/* NULL (and errno) if the kernel gives none. */
void *kernel_event_open(pid_t tid, uint64_t period_ns);
void kernel_event_close(void *mapped);

#endif
