/* self_agent: the server's own profile, sent through its own front door. */
#include "cli/self_agent.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/sampling_agent.h"

#define DRAIN_MS 3000u

struct self_agent {
	pid_t pid;
	struct agent *agent;
};

struct self_agent *self_agent_start(
	const char *url, const struct fetch_trust *trust, struct journal *journal)
{
	struct sampling_wish wish = { SAMPLING_WISH_DEFAULTS };
	struct self_agent *self = calloc(1, sizeof(*self));
	struct err why = { 0 };
	int rc = self ? 0 : err_set(&why, ERR_NOMEM, "out of memory");

	if (rc == 0) {
		self->pid = getpid();
		wish.pid = &self->pid;
		wish.service = SELF_AGENT_NAME;
		rc = sampling_agent_start(&wish, url, trust, &self->agent, &why);
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
