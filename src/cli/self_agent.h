/*
 * self_agent: the server's own profile, sent through its own front door as service "flyover".
 */
#ifndef CLI_SELF_AGENT_H
#define CLI_SELF_AGENT_H

#include "net/fetch.h"
#include "server/journal.h"

#define SELF_AGENT_NAME "flyover" /* of the service */

struct self_agent;

/* Samples this process from now on. Where that is not permitted the journal says so, and NULL is
 * returned: the server serves all the same. */
struct self_agent *self_agent_start(
	const char *url, const struct fetch_trust *trust, struct journal *journal);
void self_agent_stop(struct self_agent *self, struct journal *journal);

#endif
