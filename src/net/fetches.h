/*
 * fetches: many HTTP requests at once, on one thread.
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

struct fetches_answer {
	int code;             /* 0, or as fetch_get's; ERR_CANCELLED when the fetches end */
	unsigned status;      /* of HTTP; 0 if there was no answer */
	unsigned retry_after; /* seconds; 0 = the server did not say */
	struct buf *body;     /* may be taken over */
	const struct err *err;
};

struct fetches_request {
	const char *url;
	const char *method; /* NULL = GET, or POST with a body */
	const char *mime;   /* of the body; NULL = there is none */
	const char *coding; /* of the body: "gzip"; NULL = none */
	struct view body;   /* stays until `done` */
	struct fetch_limits limits;
	struct fetches_trust trust;
	bool stays; /* an answer that leads elsewhere is a failure */
	/* Called once, on the thread of the fetches. */
	void (*done)(void *owner, const struct fetches_answer *answer);
	void *owner;
};

int fetches_new(unsigned parallel_max, struct fetches **ret, struct err *err);

/* From any thread, also from `done`. When it fails, `done` is not called. */
int fetches_add(struct fetches *fetches, const struct fetches_request *request, struct err *err);

/* Ends those that run. */
void fetches_free(struct fetches *fetches);

#endif
