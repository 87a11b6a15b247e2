/* api_url: addresses of a Flyover server's /api/v1, and SOURCEs that are a server and a selector.
 */
#include "cli/api_url.h"

#include <stdlib.h>
#include <string.h>

#define API "/api/v1/"
#define HEX "0123456789ABCDEF"

const char *api_url_server(const char *named)
{
	const char *usual = getenv(API_URL_SERVER_VARIABLE);

	if (named)
		return named;
	return usual && *usual ? usual : API_URL_SERVER_DEFAULT;
}

void api_url_begin(struct buf *url, struct view server, const char *path)
{
	while (server.len && server.at[server.len - 1] == '/')
		server.len--;
	buf_add_view(url, server);
	buf_add_text(url, API);
	buf_add_text(url, path);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~", c));
}

void api_url_add_part(struct buf *url, struct view part)
{
	for (size_t i = 0; i < part.len; i++) {
		uint8_t c = (uint8_t)part.at[i];

		if (is_plain(part.at[i])) {
			buf_add_char(url, part.at[i]);
			continue;
		}
		buf_add_char(url, '%');
		buf_add_char(url, HEX[c >> 4]);
		buf_add_char(url, HEX[c & 15]);
	}
}

void api_url_add(struct buf *url, const char *name, struct view value)
{
	buf_add_char(url, url->len && memchr(url->at, '?', url->len) ? '&' : '?');
	buf_add_text(url, name);
	buf_add_char(url, '=');
	api_url_add_part(url, value);
}

/* Where the selector begins: after the last slash before its brace. NULL if there is none. */
static const char *selector_of(const char *source)
{
	const char *brace = strchr(source, '{'), *at = brace;
	const char *host = strstr(source, "://");

	if (!brace || !host || host > brace)
		return NULL;
	while (at[-1] != '/')
		at--;
	return at > host + 3 ? at : NULL;
}

bool api_url_is_selection(const char *source)
{
	return (strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0) &&
	       selector_of(source);
}

int api_url_of_selection(const char *source, struct buf *ret_url, struct err *err)
{
	const char *selector = selector_of(source), *end = strrchr(source, '}');

	if (!end || end < selector)
		return err_set(err, ERR_USAGE,
			"the selector of '%.200s' has no closing brace; quote it for the shell",
			source);
	if (end[1] != '\0' && end[1] != '?')
		return err_set(err, ERR_USAGE,
			"after a selector come ?from=, until=, trace= or nothing, not '%.100s'",
			end + 1);
	api_url_begin(ret_url, view_between(source, selector), "profile");
	api_url_add(ret_url, "query", view_between(selector, end + 1));
	if (end[1] == '?' && end[2]) {
		buf_add_char(ret_url, '&');
		buf_add_text(ret_url, end + 2);
	}
	return 0;
}
