/*
 * fetch: one HTTP request, with a bound on its size and time.
 *
 * Only http and https, also after a redirect (at most 3, and credentials go to no other host). A
 * profile endpoint's own error sentence becomes ours.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct fetch_limits {
	size_t bytes_max;
	unsigned time_s; /* for everything together; connecting has 10 s of it */
};

/* How we prove who we are, and whom we believe. NULL = none. */
struct fetch_trust {
	const char *authorization;        /* the whole header value: "Bearer …" */
	const char *user, *password;      /* Basic */
	const char *tenant;               /* X-Scope-OrgID */
	const char *ca_file;              /* instead of the system's */
	const char *cert_file, *key_file; /* ours */
	bool insecure_skip_verify;
};

struct fetch_request {
	const char *url;
	const char *method; /* NULL = GET, or POST with a body */
	const char *mime;   /* of the body; NULL = there is none */
	const char *coding; /* of the body: "gzip"; NULL = none */
	struct view body;
	struct fetch_limits limits;
	struct fetch_trust trust;
};

/* Appends the body to *ret_body. ERR_IO when nobody answers, ERR_NOT_FOUND for 404, ERR_DENIED for
 * 401 and 403, ERR_LIMIT past a limit. *ret_status: of HTTP, 0 if there was no answer; may be NULL.
 */
int fetch_send(const struct fetch_request *request, struct buf *ret_body, unsigned *ret_status,
	struct err *err);

#endif
