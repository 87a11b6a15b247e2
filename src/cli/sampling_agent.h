/*
 * sampling_agent: the agent as commands run it: its options, and what it says while it works.
 */
#ifndef CLI_SAMPLING_AGENT_H
#define CLI_SAMPLING_AGENT_H

#include "agent/agent.h"
#include "cli/option.h"
#include "server/journal.h"

struct sampling_wish {
	uint64_t hz, window_ns;
	const char *host;
	const char *service; /* NULL = what each process is called */
	const pid_t *pid;    /* borrowed; sampled alone; NULL = the whole host */
	bool no_kernel;
	bool is_alone; /* see agent.h */
};

#define SAMPLING_WISH_DEFAULTS \
	.hz = SAMPLER_HZ_DEFAULT, .window_ns = AGENT_WINDOW_S * UINT64_C(1000000000)

#define SAMPLING_AGENT_OPTIONS(s, w)                                                              \
	{ 'F', "frequency", OPTION_NUMBER(s, w.hz), .argument = "HZ", .min = 1,                   \
		.max = SAMPLER_HZ_MAX, .help = "samples a second of CPU time" },                  \
		{ 0, "window", OPTION_DURATION(s, w.window_ns), .argument = "SECONDS",            \
			.help = "how much time a profile covers" },                               \
		{ 0, "host", OPTION_TEXT(s, w.host), .argument = "NAME",                          \
			.help = "the label host of all profiles (default: the machine's name)" }, \
	{                                                                                         \
		0, "no-kernel", OPTION_FLAG(s, w.no_kernel),                                      \
			.help = "leave the kernel's frames out"                                   \
	}

/* Begins to sample the host and to push to the server at `url` (with its "/"). */
int sampling_agent_start(const struct sampling_wish *wish, const char *url,
	const struct fetch_trust *trust, struct agent **ret, struct err *err);

/* One line about how it fares; a warning if something is wrong. */
void sampling_agent_report(struct agent *agent, struct journal *journal);

#endif
