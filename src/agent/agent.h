/*
 * agent: every process of the host, always, sent to a server in windows of a few seconds.
 *
 * Labels of a series: service_name (see origin.h), host, comm, exe, unit, container, pid and
 * pid_start (seconds since 1970); a process that was born in the window or is gone by its end has
 * no pid and pid_start, so that a storm of short commands is one series. How the sampling went is
 * sent with it (capture.h).
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <stdint.h>

#include "agent/outbox.h"
#include "sampler/sampler.h"

#define AGENT_WINDOW_S 10u
#define AGENT_WAITING_MAX ((size_t)64 << 20) /* bytes of windows that could not be sent yet */

struct agent;

struct agent_options {
	struct outbox_options outbox;
	struct sampler_options sampler; /* without pids it is the whole host */
	const char *service;            /* of all series; NULL = what each process is called */
	const char *host;               /* NULL = the machine's name */
	bool is_alone; /* in its process: what that uses counts, and memory goes back to the host */
	unsigned window_s;     /* 0 = AGENT_WINDOW_S */
	const char *cache_dir; /* of symbols; as in symbolizer_options */
};

/* Samples from now on, on a thread of its own. */
int agent_start(const struct agent_options *options, struct agent **ret, struct err *err);

/* Sends what there is of the last window, for at most wait_ms. */
void agent_stop(struct agent *agent, unsigned wait_ms);

struct agent_figures {
	struct outbox_figures outbox;
	uint64_t windows, series; /* series of the last window */
	uint64_t cpu_ns;          /* of its process if it is alone, else of its own thread */
	char trouble[256];        /* with sampling; it then has ended */
};
void agent_get_figures(struct agent *agent, struct agent_figures *ret);

#endif
