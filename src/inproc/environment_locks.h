/*
 * environment_locks: what the environment asks to be recorded of waits.
 *
 *     FLYOVER_LOCKS=NS              record waits from here on, at that rate (1 = every one)
 *     FLYOVER_BLOCKPROFILE=FILE     write who waited to this file at exit(), and …
 *     FLYOVER_MUTEXPROFILE=FILE     … who made others wait; both record at the default rate
 *                                   unless FLYOVER_LOCKS says another
 */
#ifndef INPROC_ENVIRONMENT_LOCKS_H
#define INPROC_ENVIRONMENT_LOCKS_H

#include <stdbool.h>

#include "base/err.h"

/* Whether any of these is set. */
bool environment_locks_asked(void);

int environment_locks_begin(bool is_first, struct err *err);
void environment_locks_end(void);

/* In the child of a fork: the files are the parent's. */
void environment_locks_after_fork(void);

#endif
