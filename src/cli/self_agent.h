/*
 * self_agent: the server's own profile, sent through its own front door as service "flyover".
 */
#ifndef CLI_SELF_AGENT_H
#define CLI_SELF_AGENT_H

#include "server/journal.h"

#define SELF_AGENT_TOKEN_MAX 40
#define SELF_AGENT_NAME "flyover" /* of the service, and of the tenant where there are several */

struct self_agent;

/* A token that only this process knows. */
void self_agent_draw_token(char ret[SELF_AGENT_TOKEN_MAX]);

/* Samples this process from now on. Where that is not permitted the journal says so, and NULL is
 * returned: the server serves all the same. */
struct self_agent *self_agent_start(const char *url, const char *token, struct journal *journal);
void self_agent_stop(struct self_agent *self, struct journal *journal);

#endif
