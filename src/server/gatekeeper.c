/* gatekeeper: asks who calls before the router lets a request in. */
#include "server/gatekeeper.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/problem.h"

struct gatekeeper {
	pthread_rwlock_t lock;
	struct auth *auth; /* under the lock */
};

struct gatekeeper *gatekeeper_new(struct auth *auth)
{
	struct gatekeeper *gatekeeper = calloc(1, sizeof(*gatekeeper));

	if (!gatekeeper) {
		auth_free(auth);
		return NULL;
	}
	pthread_rwlock_init(&gatekeeper->lock, NULL);
	gatekeeper->auth = auth;
	return gatekeeper;
}

void gatekeeper_free(struct gatekeeper *gatekeeper)
{
	if (!gatekeeper)
		return;
	auth_free(gatekeeper->auth);
	pthread_rwlock_destroy(&gatekeeper->lock);
	free(gatekeeper);
}

void gatekeeper_replace(struct gatekeeper *gatekeeper, struct auth *auth)
{
	struct auth *before;

	pthread_rwlock_wrlock(&gatekeeper->lock);
	before = gatekeeper->auth;
	gatekeeper->auth = auth;
	pthread_rwlock_unlock(&gatekeeper->lock);
	auth_free(before);
}

static void refuse(
	enum auth_verdict verdict, const struct router_call *call, struct httpd_reply *refusal)
{
	static const char *const WHAT[] = { [SCOPE_INGEST] = "send profiles",
		[SCOPE_READ] = "read profiles",
		[SCOPE_ADMIN] = "administer this server" };
	char sentence[128];

	if (verdict == AUTH_NOT) {
		snprintf(sentence, sizeof(sentence), "these credentials may not %s",
			WHAT[call->route->scope]);
		problem_reply(refusal, 403, sentence);
	} else if (verdict == AUTH_BUSY) {
		problem_reply(refusal, 503, "too many passwords are being checked: try again");
		httpd_reply_header(refusal, "Retry-After", "1");
	} else {
		problem_reply(refusal, 401, "this server wants a token or a password");
		/* Our own page asks by itself: a browser's dialog knows no tokens. */
		if (!httpd_header(call->http, "X-Requested-With"))
			httpd_reply_header(refusal, "WWW-Authenticate", "Basic realm=\"flyover\"");
		httpd_reply_header(refusal, "WWW-Authenticate", "Bearer");
	}
}

bool gatekeeper_authorize(void *owner, struct router_call *call, struct httpd_reply *refusal)
{
	static const unsigned SCOPES[] = {
		[SCOPE_INGEST] = AUTH_INGEST, [SCOPE_READ] = AUTH_QUERY, [SCOPE_ADMIN] = AUTH_ADMIN
	};
	struct gatekeeper *gatekeeper = owner;
	const struct auth_credential *who;
	enum auth_verdict verdict = AUTH_YES;

	if (call->route->scope == SCOPE_ANYONE)
		return true;
	pthread_rwlock_rdlock(&gatekeeper->lock);
	if (gatekeeper->auth) {
		verdict = auth_check(gatekeeper->auth, httpd_header(call->http, "Authorization"),
			SCOPES[call->route->scope], &who);
		if (verdict == AUTH_YES && who->tenant)
			snprintf(call->tenant, sizeof(call->tenant), "%s", who->tenant);
	}
	pthread_rwlock_unlock(&gatekeeper->lock);
	if (verdict != AUTH_YES)
		refuse(verdict, call, refusal);
	return verdict == AUTH_YES;
}
