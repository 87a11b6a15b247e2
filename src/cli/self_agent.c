/* self_agent: the server's own profile, sent through its own front door. */
#include "cli/self_agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "cli/sampling_agent.h"

#define DRAIN_MS 3000u
#define AUTHORIZATION "Bearer "

struct self_agent {
	pid_t pid;
	char authorization[sizeof(AUTHORIZATION) + SELF_AGENT_TOKEN_MAX];
	struct agent *agent;
};

void self_agent_draw_token(char ret[SELF_AGENT_TOKEN_MAX])
{
	uint64_t drawn[2];

	if (getrandom(drawn, sizeof(drawn), 0) != sizeof(drawn)) {
		drawn[0] = hash_secret[0];
		drawn[1] = hash_secret[1] ^ clock_monotonic_ns();
	}
	snprintf(ret, SELF_AGENT_TOKEN_MAX, "%016llx%016llx", (unsigned long long)drawn[0],
		(unsigned long long)drawn[1]);
}

struct self_agent *self_agent_start(const char *url, const char *token, struct journal *journal)
{
	struct sampling_wish wish = SAMPLING_WISH_DEFAULTS;
	struct fetches_trust trust = { .insecure_skip_verify = true }; /* it is ourselves */
	struct self_agent *self = calloc(1, sizeof(*self));
	struct err why = { 0 };
	int rc = self ? 0 : err_set(&why, ERR_NOMEM, "out of memory");

	if (rc == 0) {
		self->pid = getpid();
		snprintf(self->authorization, sizeof(self->authorization), AUTHORIZATION "%s",
			token);
		trust.authorization = self->authorization;
		wish.pid = &self->pid;
		wish.service = SELF_AGENT_NAME;
		rc = sampling_agent_start(&wish, url, &trust, &self->agent, &why);
	}
	if (rc == 0)
		return self;
	journal_say(journal, JOURNAL_ERROR, "this server does not profile itself",
		&(struct journal_field){ "reason", view_of(why.text) }, 1);
	free(self);
	return NULL;
}

void self_agent_stop(struct self_agent *self, struct journal *journal)
{
	if (!self)
		return;
	sampling_agent_report(self->agent, journal);
	agent_stop(self->agent, DRAIN_MS);
	free(self);
}
