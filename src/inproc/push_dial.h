/*
 * push_dial: a connection to where profiles are pushed to.
 */
#ifndef INPROC_PUSH_DIAL_H
#define INPROC_PUSH_DIAL_H

#include <stdint.h>

#include "base/err.h"
#include "inproc/push_target.h"

/* A connected socket, non-blocking, owned by the caller; or ERR_IO with a sentence. Names that are
 * no addresses are looked up by the C library, which may take longer than until_ns (monotonic). */
int push_dial(const struct push_target *target, uint64_t until_ns, struct err *err);

/* Waits until `events` happen or the time is over; false if it is. */
int push_dial_wait(int fd, short events, uint64_t until_ns);

#endif
