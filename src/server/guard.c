/* guard: what every answer says to browsers, and which requests are answered at all. */
#include "server/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"

#define ORIGIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*[]"
#define FRAMED_BY "frame-ancestors 'none'"

const char *const guard_headers[] = {
	"Content-Security-Policy",
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
	"'self'; "
	"base-uri 'none'; form-action 'none'; " FRAMED_BY "; "
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

int guard_embed(struct guard_embedding *ret, const char *const *origins, size_t n)
{
	const char *policy = guard_headers[1], *at = strstr(policy, FRAMED_BY);
	BUF_AUTO text = { 0 };

	*ret = (struct guard_embedding){ 0 };
	buf_add(&text, policy, (size_t)(at - policy));
	buf_add_text(&text, "frame-ancestors");
	for (size_t i = 0; i < n; i++)
		buf_add_format(&text, " %s", origins[i]);
	buf_add_text(&text, at + strlen(FRAMED_BY));
	buf_add_char(&text, '\0');
	ret->policy = text.failed ? NULL : strdup(text.at);
	if (!ret->policy)
		return ERR_NOMEM;
	for (size_t i = 0; guard_headers[i]; i++)
		ret->headers[i] = i == 1 ? ret->policy : guard_headers[i];
	return 0;
}

void guard_embed_fini(struct guard_embedding *embedding)
{
	free(embedding->policy);
}

bool guard_is_origin(const char *text)
{
	size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
			: strncmp(text, "http://", 7) == 0 ? 7
							   : 0;

	return scheme && text[scheme] && strspn(text + scheme, ORIGIN) == strlen(text + scheme);
}

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
