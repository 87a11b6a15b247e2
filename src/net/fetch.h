/*
 * fetch: one HTTP GET, with a bound on its size and time.
 *
 * Only http and https, also after a redirect (at most 3, and credentials of the URL go to no other
 * host). A profile endpoint's own error sentence becomes ours.
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

/* Appends the body to *ret. ERR_IO when nobody answers, ERR_NOT_FOUND for 404, ERR_DENIED for 401
 * and 403, ERR_LIMIT past a limit. */
int fetch_get(const char *url, const struct fetch_limits *limits, struct buf *ret, struct err *err);

#endif
