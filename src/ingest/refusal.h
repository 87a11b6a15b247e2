/*
 * refusal: why something is not taken in, as an HTTP status and a sentence.
 *
 * 400: it is not what it says it is. 413: more bytes than are taken at once. 422: well-formed, and
 * outside a limit that the sentence names. 429: too much of it now; again after retry_after_s.
 * 503: the server cannot at the moment.
 */
#ifndef INGEST_REFUSAL_H
#define INGEST_REFUSAL_H

#include "base/err.h"

struct refusal {
	unsigned status; /* 0 = none */
	unsigned retry_after_s;
	char text[ERR_TEXT_MAX];
};

/* Returns ERR_USAGE, so that who calls it can return that. */
int refusal_set(struct refusal *refusal, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What a decoder or the store said; `limit` is the setting behind ERR_LIMIT, or NULL. */
int refusal_of(struct refusal *refusal, const struct err *err, const char *limit);

#endif
