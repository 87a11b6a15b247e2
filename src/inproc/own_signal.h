/*
 * own_signal: takes a signal for a handler of the library's, unless the program has one.
 */
#ifndef INPROC_OWN_SIGNAL_H
#define INPROC_OWN_SIGNAL_H

#include <signal.h>

#include "base/err.h"

typedef void own_signal_handler(int number, siginfo_t *info, void *context);

/* The handler runs with all signals blocked, on the alternate stack if there is one, and calls go
 * on after it where they can. *ret_before is what stood there. ERR_DENIED if that is a handler of
 * the program's. */
int own_signal_take(
	int number, own_signal_handler *handler, struct sigaction *ret_before, struct err *err);

/* For the calling thread. */
void own_signal_unblock(int number);

#endif
