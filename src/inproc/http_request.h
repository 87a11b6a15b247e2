/*
 * http_request: reads the little of HTTP/1.1 that an endpoint for profiles needs.
 *
 * Strict: what could be understood in two ways is refused. All views lie in the given bytes.
 */
#ifndef INPROC_HTTP_REQUEST_H
#define INPROC_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

#define HTTP_REQUEST_MAX 16384 /* bytes, with the body */
#define HTTP_REQUEST_HEADERS_MAX 100

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

struct http_request {
	enum http_method method;
	struct view path, query; /* as sent, without the '?' */
	struct view host, authorization, body;
	bool is_http10;
};

/* 0: more bytes are needed; else a status: 200 for a whole request, 400, 413, 431, 501 or 505. */
int http_request_parse(struct view bytes, struct http_request *ret);

/* The value of a parameter of the query, as sent; "" if it is not there. */
struct view http_request_argument(const struct http_request *request, const char *name);

/* Whether its credentials are `token`: as bearer, or as the password of basic authentication. Takes
 * as long for every wrong one. */
bool http_request_has_token(const struct http_request *request, const char *token);

/* Whether its Host is one that names this machine itself: a page from elsewhere must not reach us
 * through a name that resolves to the loopback address. */
bool http_request_is_local(const struct http_request *request);

#endif
