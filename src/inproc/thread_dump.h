/*
 * thread_dump: one stack of every thread, now.
 *
 * Labels: thread (its name), state (running or waiting), and what the thread set itself. At most
 * THREAD_DUMP_MAX threads; the comment says how many there were. On the engine's thread only.
 */
#ifndef INPROC_THREAD_DUMP_H
#define INPROC_THREAD_DUMP_H

#include "base/err.h"
#include "inproc/kind.h"

#define THREAD_DUMP_MAX 10000
#define THREAD_DUMP_WAIT_MS 200 /* for answers, in all */

/* With names; *ret is owned by the caller. */
int thread_dump_take(struct profile **ret, struct err *err);

extern const struct kind thread_dump_kind;

#endif
