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

static unsigned status_of(enum auth_verdict verdict, enum scope scope, const char **ret_sentence)
{
	static const char *const NOT[] = {
		[SCOPE_INGEST] = "these credentials may not send profiles",
		[SCOPE_READ] = "these credentials may not read profiles",
		[SCOPE_ADMIN] = "these credentials may not administer this server",
	};

	switch (verdict) {
	case AUTH_YES:
		return 0;
	case AUTH_NOT:
		*ret_sentence = NOT[scope];
		return 403;
	case AUTH_BUSY:
		*ret_sentence = "too many passwords are being checked: try again";
		return 503;
	default:
		*ret_sentence = "this server wants a token or a password";
		return 401;
	}
}

unsigned gatekeeper_ask(struct gatekeeper *gatekeeper, const struct gatekeeper_question *question,
	const char **ret_sentence)
{
	static const unsigned SCOPES[] = {
		[SCOPE_INGEST] = AUTH_INGEST, [SCOPE_READ] = AUTH_QUERY, [SCOPE_ADMIN] = AUTH_ADMIN
	};
	const struct auth_credential *who;
	enum auth_verdict verdict = AUTH_YES;

	if (question->scope == SCOPE_ANYONE)
		return 0;
	pthread_rwlock_rdlock(&gatekeeper->lock);
	if (gatekeeper->auth) {
		verdict = auth_check(
			gatekeeper->auth, question->authorization, SCOPES[question->scope], &who);
		if (verdict == AUTH_YES && who->tenant)
			snprintf(question->tenant, ROUTER_TENANT_MAX + 1, "%s", who->tenant);
	}
	pthread_rwlock_unlock(&gatekeeper->lock);
	return status_of(verdict, question->scope, ret_sentence);
}

bool gatekeeper_authorize(void *owner, struct router_call *call, struct httpd_reply *refusal)
{
	struct gatekeeper_question question = { httpd_header(call->http, "Authorization"),
		call->route->scope, call->tenant };
	const char *sentence = "";
	unsigned status = gatekeeper_ask(owner, &question, &sentence);

	if (status == 0)
		return true;
	problem_reply(refusal, status, sentence);
	if (status == 503)
		httpd_reply_header(refusal, "Retry-After", "1");
	if (status == 401) {
		/* Our own page asks by itself: a browser's dialog knows no tokens. */
		if (!httpd_header(call->http, "X-Requested-With"))
			httpd_reply_header(refusal, "WWW-Authenticate", "Basic realm=\"flyover\"");
		httpd_reply_header(refusal, "WWW-Authenticate", "Bearer");
	}
	return false;
}
