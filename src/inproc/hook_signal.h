/*
 * hook_signal: sigaction and signal, so that a program cannot take away, and then die of, the
 * signal that the library samples with: see sig_action.
 */
#ifndef INPROC_HOOK_SIGNAL_H
#define INPROC_HOOK_SIGNAL_H

#include <signal.h>

/* The next library's sigaction: what the kernel has. */
int hook_signal_action(int number, const struct sigaction *now, struct sigaction *ret_old);

#endif
