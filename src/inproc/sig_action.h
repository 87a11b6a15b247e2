/*
 * sig_action: what the program itself wants of the signal that the library has taken.
 *
 * A program may set its own handler of that signal after us: sort does, to clean up before it dies
 * of it. Our timers would then kill it. So such a call changes what is kept here, and our handler,
 * which stays, hands on what did not come from us. In another process that was forked, with vfork
 * too, the signal is the program's. Async-signal-safe.
 */
#ifndef INPROC_SIG_ACTION_H
#define INPROC_SIG_ACTION_H

#include <signal.h>

/* Our handler stands now where `before` stood, the default or SIG_IGN; NULL: it stood there
 * already, and what is kept here stays. */
void sig_action_take(int signal_number, const struct sigaction *before);

/* Whether this process has taken it. */
int sig_action_taken(int signal_number);

/* As sigaction(2) for a signal that is taken. Either may be NULL. */
void sig_action_swap(const struct sigaction *now, struct sigaction *ret_old);

/* Does with a signal that is not ours what the program wants. Inside of our handler. */
void sig_action_forward(int signal_number, siginfo_t *info, void *context);

/* In the child of a fork: whoever was changing it is not there. */
void sig_action_after_fork(void);

/* As in the child of a fork that never was; for tests. */
void sig_action_forget(void);

#endif
