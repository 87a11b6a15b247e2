/*
 * auth: who asks, and whether they may.
 *
 * Two ways, both in the Authorization header: "Bearer TOKEN", of which only the SHA-256 is kept,
 * and "Basic", whose passwords are kept as crypt(3) writes them (bcrypt, yescrypt …), as in
 * Prometheus' web configuration. Comparing takes the same time whatever comes, a user who does not
 * exist included. A password that was right is remembered (as a salted hash) so that the next
 * request does not pay for bcrypt; wrong ones are not, and at most AUTH_HASHING_MAX are tried at
 * once.
 *
 * Immutable once made, but for what it remembers: any number of threads may ask.
 */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/view.h"

#define AUTH_HASHING_MAX 2u

enum auth_scope { /* what somebody may do */
	AUTH_INGEST = 1,
	AUTH_QUERY = 2,
	AUTH_ADMIN = 4,
};

/* "ingest", "query", "admin"; 0 for another word. */
unsigned auth_scope(struct view word);

enum auth_kind {
	AUTH_PASSWORD,
	AUTH_TOKEN_HASH,   /* what a file says of a token */
	AUTH_TOKEN_ITSELF, /* drawn by this process; only its hash is kept */
};

struct auth_credential {
	const char *name;   /* of the user, or for logs */
	const char *secret; /* "sha256:HEX" of a token, or a password as crypt(3) writes it */
	const char *tenant; /* whose data; NULL = that of the request */
	unsigned scopes;
	enum auth_kind kind;
};

struct auth;

/* Copies what it is given. ERR_USAGE: a secret that is none, a name that comes twice. */
int auth_new(
	const struct auth_credential *credentials, size_t n, struct auth **ret, struct err *err);
void auth_free(struct auth *auth);

enum auth_verdict {
	AUTH_YES,
	AUTH_WHO,  /* 401: nobody we know, or no password */
	AUTH_NOT,  /* 403: known, without that scope */
	AUTH_BUSY, /* 503: too many passwords are being tried */
};

/* `header` is the value of Authorization, NULL if there is none. *ret_who is borrowed from `auth`,
 * or NULL if nobody was recognised. */
enum auth_verdict auth_check(struct auth *auth, const char *header, unsigned scope,
	const struct auth_credential **ret_who);

#endif
