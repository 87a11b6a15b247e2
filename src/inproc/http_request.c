/* http_request: reads the little of HTTP/1.1 that an endpoint for profiles needs. */
#include "inproc/http_request.h"

#include <string.h>
#include <strings.h>

#define BAD 400
#define TOO_LARGE 413
#define HEADERS_TOO_LARGE 431
#define NOT_IMPLEMENTED 501
#define OTHER_VERSION 505

#define BASIC_MAX 1024

static bool equal_nocase(struct view a, struct view b)
{
	return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

static bool starts_nocase(struct view v, struct view prefix)
{
	return v.len >= prefix.len && strncasecmp(v.at, prefix.at, prefix.len) == 0;
}

static enum http_method method_of(struct view word)
{
	if (view_equal(word, VIEW("GET")))
		return HTTP_GET;
	if (view_equal(word, VIEW("HEAD")))
		return HTTP_HEAD;
	return view_equal(word, VIEW("POST")) ? HTTP_POST : HTTP_OTHER;
}

/* Visible ASCII only, and no fragment. */
static bool is_clean(struct view target)
{
	for (size_t i = 0; i < target.len; i++)
		if (target.at[i] <= ' ' || target.at[i] >= 0x7f || target.at[i] == '#')
			return false;
	return target.len > 0 && target.at[0] == '/';
}

static int parse_request_line(struct view line, struct http_request *ret)
{
	bool more, has_query;
	struct view method = view_take(&line, ' ', &more), target;

	if (!more || method.len == 0)
		return BAD;
	target = view_take(&line, ' ', &more);
	if (!more || !is_clean(target))
		return BAD;
	if (!view_equal(line, VIEW("HTTP/1.1")) && !view_equal(line, VIEW("HTTP/1.0")))
		return view_starts(line, VIEW("HTTP/")) ? OTHER_VERSION : BAD;
	ret->is_http10 = view_ends(line, VIEW("0"));
	ret->method = method_of(method);
	ret->path = view_take(&target, '?', &has_query);
	ret->query = has_query ? target : VIEW("");
	return 0;
}

static bool is_name(struct view name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f)
			return false;
	return name.len > 0;
}

static int set_once(struct view *into, struct view value)
{
	if (into->at)
		return BAD;
	*into = value;
	return 0;
}

static int parse_header(struct view line, struct http_request *ret, struct view *ret_length)
{
	bool more;
	struct view name = view_take(&line, ':', &more), value = view_trim(line);

	if (!more || !is_name(name))
		return BAD;
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < ' ' && value.at[i] != '\t')
			return BAD;
	if (equal_nocase(name, VIEW("host")))
		return set_once(&ret->host, value);
	if (equal_nocase(name, VIEW("authorization")))
		return set_once(&ret->authorization, value);
	if (equal_nocase(name, VIEW("content-length")))
		return set_once(ret_length, value);
	return equal_nocase(name, VIEW("transfer-encoding")) ? NOT_IMPLEMENTED : 0;
}

/* Cuts a line and its CR LF off; false if there is none yet or a line end that is not one. */
static bool take_line(struct view *rest, struct view *ret)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!end || end == rest->at || end[-1] != '\r')
		return false;
	*ret = view_between(rest->at, end - 1);
	*rest = view_between(end + 1, view_end(*rest));
	return true;
}

static int parse_head(struct view *rest, struct http_request *ret, uint64_t *ret_length)
{
	struct view line, length = { 0 };
	int headers = 0, status;

	if (!take_line(rest, &line))
		return BAD;
	status = parse_request_line(line, ret);
	while (status == 0) {
		if (!take_line(rest, &line))
			return BAD;
		if (line.len == 0)
			break;
		if (++headers > HTTP_REQUEST_HEADERS_MAX)
			return HEADERS_TOO_LARGE;
		status = parse_header(line, ret, &length);
	}
	if (status == 0 && length.at && !view_to_u64(length, ret_length))
		return BAD;
	return status;
}

int http_request_parse(struct view bytes, struct http_request *ret)
{
	const char *end = bytes.len ? memmem(bytes.at, bytes.len, "\r\n\r\n", 4) : NULL;
	struct view rest = bytes;
	uint64_t length = 0;
	int status;

	*ret = (struct http_request){ 0 };
	if (!end)
		return bytes.len >= HTTP_REQUEST_MAX ? HEADERS_TOO_LARGE : 0;
	status = parse_head(&rest, ret, &length);
	if (status)
		return status;
	if (!ret->is_http10 && !ret->host.at)
		return BAD;
	if (length > HTTP_REQUEST_MAX - (size_t)(rest.at - bytes.at))
		return TOO_LARGE;
	if (rest.len < length)
		return 0;
	ret->body = (struct view){ rest.at, length };
	return 200;
}

struct view http_request_argument(const struct http_request *request, const char *name)
{
	struct view rest = request->query;
	bool more = true;

	while (more) {
		struct view pair = view_take(&rest, '&', &more);
		struct view value = pair, key = view_take(&value, '=', &(bool){ false });

		if (view_equal(key, view_of(name)))
			return value.at == pair.at ? VIEW("") : value;
	}
	return VIEW("");
}

static bool equal_slowly(struct view a, struct view b)
{
	unsigned char differs = a.len != b.len;

	for (size_t i = 0; i < a.len && b.len; i++)
		differs |= (unsigned char)(a.at[i] ^ b.at[i % b.len]);
	return !differs;
}

static int sextet(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The bytes of a base 64 text, up to its padding; false if it is too long or none. */
static bool from_base64(struct view text, char into[BASIC_MAX], size_t *ret_len)
{
	uint32_t bits = 0;
	int have = 0;

	*ret_len = 0;
	while (text.len && text.at[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		int value = sextet(text.at[i]);

		if (value < 0 || *ret_len == BASIC_MAX)
			return false;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			into[(*ret_len)++] = (char)(bits >> have);
		}
	}
	return true;
}

bool http_request_has_token(const struct http_request *request, const char *token)
{
	struct view given = request->authorization;
	char plain[BASIC_MAX];
	size_t len;

	if (starts_nocase(given, VIEW("Bearer ")))
		return equal_slowly(
			view_trim((struct view){ given.at + 7, given.len - 7 }), view_of(token));
	if (!starts_nocase(given, VIEW("Basic ")) ||
		!from_base64(view_trim((struct view){ given.at + 6, given.len - 6 }), plain, &len))
		return false;
	given = (struct view){ plain, len };
	view_take(&given, ':', &(bool){ false });
	return equal_slowly(given, view_of(token));
}

bool http_request_is_local(const struct http_request *request)
{
	struct view host = request->host;
	const char *colon;

	if (!host.len)
		return true;
	if (host.at[0] == '[')
		return view_starts(host, VIEW("[::1]"));
	colon = memrchr(host.at, ':', host.len);
	if (colon)
		host = view_between(host.at, colon);
	if (equal_nocase(host, VIEW("localhost")))
		return true;
	if (!view_starts(host, VIEW("127.")))
		return false;
	for (size_t i = 0; i < host.len; i++)
		if (host.at[i] != '.' && (host.at[i] < '0' || host.at[i] > '9'))
			return false;
	return true;
}
