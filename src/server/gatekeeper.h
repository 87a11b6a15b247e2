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

/* As router_options.authorize; the owner is the gatekeeper. */
bool gatekeeper_authorize(void *owner, struct router_call *call, struct httpd_reply *refusal);

#endif
