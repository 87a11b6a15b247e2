/*
 * guard: what every answer says to browsers, and which requests are answered at all.
 *
 * A page of another site must not read ours: names it resolves to 127.0.0.1 (DNS rebinding) come
 * with a Host header that is not one of this server's.
 */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, value, …, NULL: everything from here, nothing inline, nothing framed, Trusted Types. */
extern const char *const guard_headers[];

/* The same, but that pages of these origins may frame ours. */
#define GUARD_HEADERS_MAX 16
struct guard_embedding {
	const char *headers[GUARD_HEADERS_MAX]; /* as guard_headers; borrows from `policy` */
	char *policy;                           /* owned */
};
int guard_embed(struct guard_embedding *ret, const char *const *origins, size_t n);
void guard_embed_fini(struct guard_embedding *embedding);

/* "https://host" or "http://host:port", and nothing that could end a header or a directive. */
bool guard_is_origin(const char *text);

/* Whether `host` (the Host header) names this server: localhost, a loopback address or `bound`,
 * with the port. `bound` is the address listened on; with any_host every name is taken. */
struct guard {
	const char *bound;
	uint16_t port;
	bool any_host; /* listening beyond loopback: the reader's name for us is not known */
};

bool guard_allows(const struct guard *guard, const char *host);

#endif
