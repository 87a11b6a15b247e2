/*
 * httpd: an HTTP/1.1 server whose questions and answers fit into memory.
 *
 * A request is admitted once its headers are there: `admit` says how long a body may be and which
 * threads shall answer, or refuses. Then the body is read, then `handle` answers, at once or later
 * (httpd_defer). Without `admit` only GET and HEAD are served, without a body, at once.
 *
 * Limits: 256 connections, 64 an address, 32 KiB of headers, 15 s without a byte; and, however
 * busy, 30 s to ask and to take the answer, or as long as 32 KiB/s need for what is sent.
 */
#ifndef NET_HTTPD_H
#define NET_HTTPD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"
#include "net/tls_files.h"

struct httpd;
struct httpd_call;

struct httpd_request {
	const char *method; /* "GET" */
	const char *path;   /* percent-decoded, without the query */
	const char *host;   /* the Host header, or "" */
	bool takes_gzip;
	struct view body; /* as it was sent, zipped or not; empty while the request is admitted */
	void *context;    /* `admit` may leave something here; see options.forget */
	struct httpd_call *call; /* private */
};

/* The value of a query argument, percent-decoded, or of a header; NULL if it is not there. */
const char *httpd_argument(const struct httpd_request *request, const char *name);
const char *httpd_header(const struct httpd_request *request, const char *name);

/* Each value of an argument that may come more than once, until `each` returns false. */
void httpd_arguments(const struct httpd_request *request, const char *name,
	bool (*each)(void *owner, const char *value), void *owner);

/* The client's address as text, without its port; `into` has HTTPD_PEER_MAX bytes. */
#define HTTPD_PEER_MAX 48
void httpd_peer(const struct httpd_request *request, char *into);

/* Whether the client has closed its end of the connection, so that no answer need be made. Any
 * thread, until the request is answered. */
bool httpd_gone(const struct httpd_request *request);

#define HTTPD_HEADERS_MAX 6
#define HTTPD_HEADER_MAX 112

/* Zeroed before the handler sees it. */
struct httpd_reply {
	unsigned status;  /* 0 = 200 */
	const char *mime; /* NULL = text/plain; charset=utf-8 */
	struct view body; /* outlives the server; or, if that is empty, … */
	struct buf made;  /* … owned: taken over */
	bool gzipped;     /* the body is; only if the client takes it */
	bool immutable;   /* may be kept for ever: its path names its content */
	const char *file; /* to be saved under this name, ASCII letters, digits, "._-"; or NULL */
	struct {
		const char *name;
		char value[HTTPD_HEADER_MAX];
	} headers[HTTPD_HEADERS_MAX]; /* see httpd_reply_header */
	size_t n_headers;
};

/* One more header, cut at HTTPD_HEADER_MAX - 1 bytes; past HTTPD_HEADERS_MAX it is left out. */
void httpd_reply_header(struct httpd_reply *reply, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What a request may cost. Zeroed before `admit` sees it. */
struct httpd_terms {
	size_t body_max;     /* bytes as sent; more is 413 */
	const char *setting; /* that says so, for the sentence; NULL = none does */
	unsigned lane;       /* 0 = at once, by the thread that reads; n = options.lanes[n - 1] */
};

/* Threads of their own for what takes time, so that one kind of request cannot stop another.
 * What waits beyond the limit is 503. */
struct httpd_lane {
	unsigned threads;
	size_t waiting_max;
};

#define HTTPD_LANES_MAX 4
#define HTTPD_TIME_MS 30000u
#define HTTPD_RATE_MIN 32u

struct httpd_options { /* zeros are defaults */
	int fd;        /* listening; taken */
	void (*handle)(void *owner, const struct httpd_request *request, struct httpd_reply *ret);
	void *owner;
	unsigned time_ms;            /* to ask, and to take an answer; 0 = HTTPD_TIME_MS */
	unsigned rate_min;           /* bytes a millisecond, of what is large; 0 = HTTPD_RATE_MIN */
	const char *const *headers;  /* name, value, …, NULL: sent with every answer */
	const struct tls_files *tls; /* HTTPS, TLS 1.2 and newer; NULL = HTTP. Copied */

	/* Either admits, or gives the reply a status. Runs where requests are read: at once. */
	void (*admit)(void *owner, struct httpd_request *request, struct httpd_terms *terms,
		struct httpd_reply *refusal);
	/* Words a refusal of httpd's own; NULL = the sentence as text. */
	void (*refuse)(void *owner, const struct httpd_request *request, const char *sentence,
		struct httpd_reply *reply);
	/* The answer was sent, or will never be (status 0: the client left before there was one):
	 * whatever is in request->context may go. */
	void (*forget)(void *owner, const struct httpd_request *request, unsigned status);
	struct httpd_lane lanes[HTTPD_LANES_MAX];
	size_t n_lanes;
	unsigned connections_max, connections_of_address_max, threads;
	size_t bodies_max; /* bytes of all bodies in memory; 0 = any number; more is 503 */
	unsigned drain_ms; /* how long httpd_stop waits for answers to be taken */
};

int httpd_start(const struct httpd_options *options, struct httpd **ret, struct err *err);

/* Only in a handler on a lane: its reply is not looked at, httpd_answer brings it, from any thread.
 * The request stays good until then. */
struct httpd_call *httpd_defer(const struct httpd_request *request);
void httpd_answer(struct httpd_call *call, const struct httpd_reply *reply); /* taken over */

/* No new connections, and 503 on the old ones; waits until all handlers and deferred calls are
 * done. */
void httpd_stop(struct httpd *httpd);

#endif
