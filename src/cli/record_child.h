/*
 * record_child: somebody's command, held back until sampling has begun.
 *
 * The child waits on a pipe before it becomes the command, so that its first instruction is
 * already sampled; it has the signal mask that we had.
 */
#ifndef CLI_RECORD_CHILD_H
#define CLI_RECORD_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct record_child {
	pid_t pid;     /* 0 = none, or its status was taken */
	int go_fd;     /* closing it lets the command run; -1 = it does already */
	int failed_fd; /* says why it could not be run */
	int status;    /* as from wait, once `ended` */
	bool ended;
	bool never_ran;  /* exec refused it: the status is 126 or 127 */
	uint64_t cpu_ns; /* that it used, once `ended` */
};

/* `mask` is what the command is to have. */
int record_child_start(
	struct record_child *child, char *const *argv, const sigset_t *mask, struct err *err);

/* Lets it run. ERR_NOT_FOUND or ERR_DENIED if the command cannot be run. */
int record_child_go(struct record_child *child, const char *name, struct err *err);

/* Looks whether it has ended; waits for it if `wait` (until a signal comes). */
void record_child_look(struct record_child *child, bool wait);

/* What a shell would say of it: its exit status, or 128 + the signal that ended it. */
int record_child_exit_status(const struct record_child *child);

/* Ends one that was never let go. */
void record_child_abandon(struct record_child *child);

#endif
