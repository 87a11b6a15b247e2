/*
 * gatekeeper: asks who calls before the router lets a request in.
 *
 * Who may what can be replaced while requests come (a reload).
 */
#ifndef SERVER_GATEKEEPER_H
#define SERVER_GATEKEEPER_H

#include "server/auth.h"
#include "server/router.h"

struct gatekeeper;

/* Takes `auth` over; NULL lets everyone in. NULL without memory. */
struct gatekeeper *gatekeeper_new(struct auth *auth);
void gatekeeper_free(struct gatekeeper *gatekeeper);

void gatekeeper_replace(struct gatekeeper *gatekeeper, struct auth *auth);

/* Who asks with this header Authorization (NULL = without one), in whatever way. *ret_sentence says
 * why not, and *ret_status as HTTP does; 0 = they may. A tenant of their own is written to
 * `tenant`, of ROUTER_TENANT_MAX + 1 bytes. */
struct gatekeeper_question {
	const char *authorization;
	enum scope scope;
	char *tenant;
};
unsigned gatekeeper_ask(struct gatekeeper *gatekeeper, const struct gatekeeper_question *question,
	const char **ret_sentence);

/* As router_options.authorize; the owner is the gatekeeper. */
bool gatekeeper_authorize(void *owner, struct router_call *call, struct httpd_reply *refusal);

#endif
