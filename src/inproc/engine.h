/*
 * engine: the library's one background thread; everything but signal handlers and hooks runs on it.
 *
 * The thread starts when first needed, blocks all signals, is never sampled and sleeps without a
 * timeout while there is nothing to do. State that only it touches needs no locks. After a fork
 * the child has no engine until it asks for something itself.
 */
#ifndef INPROC_ENGINE_H
#define INPROC_ENGINE_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ENGINE_POLLS_MAX 64

struct engine_polls {
	struct pollfd fds[ENGINE_POLLS_MAX];
	size_t n;
};

/* A part of the library that lives on the thread. */
struct engine_part {
	/* Adds what it waits for; returns in how many ms it wants to run anyway, or -1. */
	int (*prepare)(struct engine_polls *polls);
	/* After each wait. `polls` as it was prepared, with what happened. */
	void (*run)(const struct engine_polls *polls);
	/* In the child of a fork: closes descriptors, forgets everything else. */
	void (*after_fork)(void);
};

/* Adds to `polls`; the index, or -1 when there are too many. */
int engine_poll(struct engine_polls *polls, int fd, short events);

/* Has forks looked after from now on; engine_call does, too. */
void engine_follow_forks(void);

/* Runs `work` on the thread and waits for it; returns what it returns. Any thread but inside a
 * signal handler. */
int engine_call(int (*work)(void *context, struct err *err), void *context, struct err *err);

#endif
