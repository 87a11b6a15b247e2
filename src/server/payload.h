/*
 * payload: bodies as they are meant, whatever they are packed in for the way.
 */
#ifndef SERVER_PAYLOAD_H
#define SERVER_PAYLOAD_H

#include "ingest/refusal.h"
#include "net/httpd.h"

struct payload_limits {
	size_t bytes_max, ratio_max; /* see wire/gzip.h */
	const char *setting;         /* that says so */
};

/* The body, unpacked into `room` if Content-Encoding is gzip; a view of one or the other. False
 * with a refusal: 415 for another encoding, 413 past a limit, 400 if it is damaged. */
bool payload_read(const struct httpd_request *request, const struct payload_limits *limits,
	struct buf *room, struct view *ret, struct httpd_reply *refusal);

/* The same of bytes that came in any way. ERR_USAGE with a refusal. */
struct payload {
	struct view bytes;
	const char *coding; /* "gzip", "identity"; NULL or "" is that too */
};
int payload_unpack(const struct payload *payload, const struct payload_limits *limits,
	struct buf *room, struct view *ret, struct refusal *refusal);

/* Zips an answer that is large enough, if the client takes it so. Best effort. */
void payload_pack(const struct httpd_request *request, struct httpd_reply *reply);

#endif
