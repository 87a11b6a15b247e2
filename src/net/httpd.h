/*
 * httpd: an HTTP/1.1 server whose answers fit into memory.
 *
 * GET and HEAD only; anything else is 405. The handler runs on one of a few threads, several at a
 * time. Limits: 256 connections, 64 an address, 32 KiB of headers, 15 s without a byte; and,
 * however busy, 30 s to ask and as long as 32 KiB/s need, at least 30 s, to take the answer.
 */
#ifndef NET_HTTPD_H
#define NET_HTTPD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct httpd;

struct httpd_request {
	const char *path; /* percent-decoded, without the query */
	const char *host; /* the Host header, or "" */
	bool takes_gzip;
	void *connection; /* private */
};

/* The value of a query argument, percent-decoded; NULL if it is not there. */
const char *httpd_argument(const struct httpd_request *request, const char *name);

/* Zeroed before the handler sees it. */
struct httpd_reply {
	unsigned status;  /* 0 = 200 */
	const char *mime; /* NULL = text/plain; charset=utf-8 */
	struct view body; /* outlives the server; or, if that is empty, … */
	struct buf made;  /* … owned: taken over */
	bool gzipped;     /* the body is; only if the client takes it */
	bool immutable;   /* may be kept for ever: its path names its content */
	const char *file; /* to be saved under this name, ASCII letters, digits, "._-"; or NULL */
};

#define HTTPD_TIME_MS 30000u
#define HTTPD_RATE_MIN 32u

struct httpd_options {
	int fd; /* listening; taken */
	void (*handle)(void *owner, const struct httpd_request *request, struct httpd_reply *ret);
	void *owner;
	unsigned time_ms;           /* to ask, and to take an answer; 0 = HTTPD_TIME_MS */
	unsigned rate_min;          /* bytes a millisecond, of a large answer; 0 = HTTPD_RATE_MIN */
	const char *const *headers; /* name, value, …, NULL: sent with every answer */
};

int httpd_start(const struct httpd_options *options, struct httpd **ret, struct err *err);

/* Waits until running handlers are done. */
void httpd_stop(struct httpd *httpd);

#endif
