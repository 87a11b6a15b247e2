/*
 * endpoint_kind: the part of the endpoint that serves the kinds of profile, with Go's parameters:
 * seconds, debug, gc (accepted: nothing here is freed late), and hz for captures.
 */
#ifndef INPROC_ENDPOINT_KIND_H
#define INPROC_ENDPOINT_KIND_H

#include "base/buf.h"
#include "inproc/http_request.h"
#include "inproc/kind.h"

#define ENDPOINT_KIND_SECONDS 30
#define ENDPOINT_KIND_SECONDS_MAX 300

/* What a client waits for. */
struct endpoint_kind_visit {
	const struct kind *kind; /* NULL = for nothing */
	struct profile *first;   /* of a snapshot, as it was; owned */
};

/* Appends the answer and returns 0, or begins what takes so many seconds. `is_taken`: another
 * client waits for this kind. */
uint64_t endpoint_kind_begin(struct endpoint_kind_visit *visit, const struct kind *kind,
	const struct http_request *request, bool is_taken, struct buf *out);

/* Appends the answer when the seconds have passed. */
void endpoint_kind_finish(struct endpoint_kind_visit *visit, struct buf *out);

/* The client has left. */
void endpoint_kind_cancel(struct endpoint_kind_visit *visit);

#endif
