/*
 * api_url: addresses of a Flyover server's /api/v1, and SOURCEs that are a server and a selector.
 *
 *     http://HOST:4040/SELECTOR[?from=…&until=…&trace=…]
 *
 * is what the server has of it as one profile. The selector is PromQL's, with its braces, which no
 * other address of a profile has: http://localhost:4040/cpu{service_name="shop"}?from=now-1h
 */
#ifndef CLI_API_URL_H
#define CLI_API_URL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define API_URL_SERVER_DEFAULT "http://127.0.0.1:4040/"
#define API_URL_SERVER_VARIABLE "FLYOVER_SERVER"
#define API_URL_SERVER_HELP \
	"(default: $" API_URL_SERVER_VARIABLE ", else " API_URL_SERVER_DEFAULT ")"

/* The server that is asked: the one that was named, or what stands in for it. */
const char *api_url_server(const char *named);

/* What an answer may take. */
#define API_URL_LIMITS                                      \
	{                                                   \
		.bytes_max = (size_t)1 << 30, .time_s = 120 \
	}

/* SERVER/api/v1/PATH; the server's own slash at its end may be there. */
void api_url_begin(struct buf *url, struct view server, const char *path);

/* Adds name=value, escaped; for a path's last part without a name too. */
void api_url_add(struct buf *url, const char *name, struct view value);
void api_url_add_part(struct buf *url, struct view part);

/* Whether `source` has such a form. */
bool api_url_is_selection(const char *source);

/* The address of its profile. ERR_USAGE with a sentence. */
int api_url_of_selection(const char *source, struct buf *ret_url, struct err *err);

#endif
