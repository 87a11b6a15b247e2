/* guard: what every answer says to browsers, and which requests are answered at all. */
#include "server/guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *const guard_headers[] = {
	"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
	"'self'; "
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
	"require-trusted-types-for 'script'; trusted-types 'none'",
	"X-Content-Type-Options",
	"nosniff",
	"Referrer-Policy",
	"no-referrer",
	"Cross-Origin-Opener-Policy",
	"same-origin",
	"Cross-Origin-Resource-Policy",
	"same-origin",
	NULL,
};

static bool is_host(const char *host, const char *name, uint16_t port)
{
	const char *form = strchr(name, ':') ? "[%s]:%u" : "%s:%u";
	char whole[300];

	snprintf(whole, sizeof(whole), form, name, port);
	if (strcasecmp(host, whole) == 0)
		return true;
	/* Browsers leave the default port out. */
	return port == 80 && strncasecmp(host, whole, strlen(whole) - strlen(":80")) == 0 &&
	       strlen(host) == strlen(whole) - strlen(":80");
}

bool guard_allows(const struct guard *guard, const char *host)
{
	return guard->any_host || is_host(host, "localhost", guard->port) ||
	       is_host(host, "127.0.0.1", guard->port) || is_host(host, "::1", guard->port) ||
	       is_host(host, guard->bound, guard->port);
}
