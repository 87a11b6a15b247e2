/*
 * portion: what one process has of a window of the whole host's profile.
 *
 * Processes that were gone before they could be looked at are told apart by their name alone.
 */
#ifndef AGENT_PORTION_H
#define AGENT_PORTION_H

#include <sys/types.h>

#include "base/err.h"
#include "model/profile.h"

struct portion {
	pid_t pid;
	struct view process;     /* its name as the sampler saw it; in the whole profile */
	struct profile *profile; /* owned; of labels its samples have what threads said of their
				  work: trace_id, span_id and their own */
};

struct portions {
	struct portion *at; /* owned */
	size_t n, cap;
};

/* Shares the samples of `whole` out by their labels "pid" and "process". */
int portions_make(const struct profile *whole, struct portions *ret, struct err *err);
void portions_fini(struct portions *portions);

#endif
