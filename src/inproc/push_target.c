/* push_target: where profiles are pushed to, as a URL says it. */
#include "inproc/push_target.h"

#include <string.h>
#include <sys/un.h>

#define SCHEME "http://"

bool push_target_base64(struct view text, char *into, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	if ((text.len + 2) / 3 * 4 >= size)
		return false;
	for (size_t i = 0; i < text.len; i += 3) {
		uint32_t left = (uint32_t)(text.len - i),
			 bits = (uint32_t)(uint8_t)text.at[i] << 16;

		bits |= left > 1 ? (uint32_t)(uint8_t)text.at[i + 1] << 8 : 0;
		bits |= left > 2 ? (uint32_t)(uint8_t)text.at[i + 2] : 0;
		*into++ = digits[bits >> 18];
		*into++ = digits[bits >> 12 & 63];
		*into++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*into++ = left > 2 ? digits[bits & 63] : '=';
	}
	*into = '\0';
	return true;
}

static bool copy(struct view from, char *into, size_t size)
{
	if (from.len >= size)
		return false;
	memcpy(into, from.at, from.len);
	into[from.len] = '\0';
	return true;
}

/* What a request line or a header can carry. */
static bool is_plain(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] >= 0x7f)
			return false;
	return true;
}

/* "%40" becomes "@". */
static bool unescape(struct view text, char *into, size_t size, size_t *ret_len)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint64_t byte = (uint8_t)text.at[i];

		if (text.at[i] == '%') {
			if (i + 2 >= text.len ||
				!view_hex_to_u64((struct view){ text.at + i + 1, 2 }, &byte))
				return false;
			i += 2;
		}
		if (n == size)
			return false;
		into[n++] = (char)byte;
	}
	*ret_len = n;
	return true;
}

static int take_credentials(struct view *rest, struct push_target *ret, struct err *err)
{
	const char *slash = memchr(rest->at, '/', rest->len);
	size_t host_len = slash ? (size_t)(slash - rest->at) : rest->len, len;
	const char *at = memrchr(rest->at, '@', host_len);
	char plain[PUSH_TARGET_TEXT_MAX / 2];

	if (!at)
		return 0;
	if (!unescape(view_between(rest->at, at), plain, sizeof(plain), &len) ||
		!push_target_base64((struct view){ plain, len }, ret->basic, sizeof(ret->basic)))
		return err_set(err, ERR_USAGE,
			"the user and password of the URL to push to are no USER:PASSWORD of at "
			"most %zu bytes",
			sizeof(plain));
	*rest = view_between(at + 1, rest->at + rest->len);
	return 0;
}

static int split_host(struct view authority, struct push_target *ret, struct err *err)
{
	struct view host = authority, port = { NULL, 0 };
	const char *colon = memrchr(authority.at, ':', authority.len);
	uint64_t number = 80;

	if (authority.len && authority.at[0] == '[') {
		const char *end = memchr(authority.at, ']', authority.len);

		if (!end)
			goto bad;
		host = view_between(authority.at + 1, end);
		colon = end + 1 < view_end(authority) ? end + 1 : NULL;
		if (colon && *colon != ':')
			goto bad;
	} else if (colon) {
		host = view_between(authority.at, colon);
	}
	if (colon) {
		port = view_between(colon + 1, view_end(authority));
		if (!view_to_u64(port, &number) || number == 0 || number > UINT16_MAX)
			goto bad;
	}
	ret->port = (uint16_t)number;
	if (host.len && is_plain(host) && copy(host, ret->host, sizeof(ret->host)))
		return 0;
bad:
	return err_set(err, ERR_USAGE, "'%.*s' is no HOST:PORT to push to", (int)authority.len,
		authority.at);
}

static int set_path(struct view path, struct push_target *ret, struct err *err)
{
	bool is_base = path.len == 0 || path.at[path.len - 1] == '/';

	if (path.len == 0)
		path = VIEW("/");
	if (!is_plain(path) || memchr(path.at, '#', path.len) || memchr(path.at, '?', path.len) ||
		path.len + sizeof("ingest") > sizeof(ret->path))
		return err_set(err, ERR_USAGE,
			"the path of the URL to push to has a query, a fragment, a space or more "
			"than %zu bytes: give a server's base, as http://localhost:4040/",
			sizeof(ret->path) - sizeof("ingest"));
	memcpy(ret->path, path.at, path.len);
	memcpy(ret->path + path.len, is_base ? "ingest" : "", is_base ? sizeof("ingest") : 1);
	return 0;
}

static int parse_unix(struct view path, struct push_target *ret, struct err *err)
{
	ret->is_unix = true;
	if (path.len == 0 || path.len >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return err_set(err, ERR_USAGE, "the path of a socket to push to has 1 to %zu bytes",
			sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	copy(path, ret->host, sizeof(ret->host));
	return set_path(VIEW("/"), ret, err);
}

int push_target_parse(const char *url, struct push_target *ret, struct err *err)
{
	struct view rest = view_of(url), authority;
	const char *slash;
	int rc;

	*ret = (struct push_target){ 0 };
	if (view_starts(rest, VIEW("unix:")))
		return parse_unix((struct view){ rest.at + 5, rest.len - 5 }, ret, err);
	if (view_starts(rest, VIEW("https://")))
		return err_set(err, ERR_UNSUPPORTED,
			"the library inside a program speaks no TLS: push to http:// on this "
			"machine or network, or to a local agent or proxy that forwards to %s",
			url);
	if (view_starts(rest, VIEW(SCHEME)))
		rest = (struct view){ rest.at + strlen(SCHEME), rest.len - strlen(SCHEME) };
	else if (memmem(rest.at, rest.len, "://", 3))
		return err_set(err, ERR_USAGE, "'%s' is no http:// URL to push to", url);
	rc = take_credentials(&rest, ret, err);
	if (rc < 0)
		return rc;
	slash = memchr(rest.at, '/', rest.len);
	authority = slash ? view_between(rest.at, slash) : rest;
	rc = split_host(authority, ret, err);
	if (rc == 0)
		rc = set_path(view_between(authority.at + authority.len, view_end(rest)), ret, err);
	return rc;
}
