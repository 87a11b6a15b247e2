/*
 * fetches: many HTTP GETs at once, on one thread.
 *
 * Each has its bounds, as fetch.h's; at most `parallel_max` run, the others wait for their turn.
 */
#ifndef NET_FETCHES_H
#define NET_FETCHES_H

#include "base/buf.h"
#include "base/err.h"
#include "net/fetch.h"

struct fetches;

/* How we prove who we are, and whom we believe. Texts are copied; NULL = none. */
struct fetches_trust {
	const char *authorization; /* the whole header value: "Bearer …"; sent to this host only */
	const char *user, *password;      /* Basic */
	const char *ca_file;              /* instead of the system's */
	const char *cert_file, *key_file; /* ours */
	bool insecure_skip_verify;
};

struct fetches_request {
	const char *url;
	struct fetch_limits limits;
	struct fetches_trust trust;
	/* Called once, on the thread of the fetches: 0 and the body, which it may take over; or a
	 * negative code and a sentence. ERR_CANCELLED when the fetches end. */
	void (*done)(void *owner, int code, struct buf *body, const struct err *err);
	void *owner;
};

int fetches_new(unsigned parallel_max, struct fetches **ret, struct err *err);

/* From any thread, also from `done`. When it fails, `done` is not called. */
int fetches_add(struct fetches *fetches, const struct fetches_request *request, struct err *err);

/* Ends those that run. */
void fetches_free(struct fetches *fetches);

#endif
