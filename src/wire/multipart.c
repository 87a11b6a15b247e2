/* multipart: the parts of a multipart/form-data body (RFC 7578), read in place. */
#include "wire/multipart.h"

#include <string.h>
#include <strings.h>

static bool starts_like(struct view text, const char *prefix)
{
	return text.len >= strlen(prefix) && strncasecmp(text.at, prefix, strlen(prefix)) == 0;
}

/* The value of ; name=value or ; name="value"; empty if it is not there. */
static struct view parameter(struct view text, const char *name)
{
	bool more = true;

	view_take(&text, ';', &more);
	while (more) {
		struct view value = view_trim(view_take(&text, ';', &more));
		struct view key = view_trim(view_take(&value, '=', &(bool){ 0 }));

		if (key.len != strlen(name) || !starts_like(key, name))
			continue;
		value = view_trim(value);
		if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
			value = (struct view){ value.at + 1, value.len - 2 };
		return value;
	}
	return (struct view){ 0 };
}

bool multipart_begin(struct multipart *parts, struct view content_type, struct view body)
{
	struct view boundary;

	*parts = (struct multipart){ .rest = body };
	if (!starts_like(content_type, "multipart/"))
		return false;
	boundary = parameter(content_type, "boundary");
	if (!boundary.len || boundary.len > MULTIPART_BOUNDARY_MAX)
		return false;
	memcpy(parts->mark, "\r\n--", 4);
	memcpy(parts->mark + 4, boundary.at, boundary.len);
	parts->mark_len = boundary.len + 4;
	return true;
}

static bool fail(struct multipart *parts, const char *why)
{
	parts->wrong = why;
	parts->rest = (struct view){ 0 };
	return false;
}

/* Where the text is, or NULL. */
static const char *find(struct view in, const char *text, size_t len)
{
	return in.len ? memmem(in.at, in.len, text, len) : NULL;
}

/* Behind the first boundary, which has no line end before it if nothing is. */
static bool skip_preamble(struct multipart *parts)
{
	struct view first = { parts->mark + 2, parts->mark_len - 2 };
	const char *at;

	if (view_starts(parts->rest, first)) {
		parts->rest = view_between(parts->rest.at + first.len, view_end(parts->rest));
		return true;
	}
	at = find(parts->rest, parts->mark, parts->mark_len);
	if (!at)
		return fail(parts, "the boundary does not come");
	parts->rest = view_between(at + parts->mark_len, view_end(parts->rest));
	return true;
}

static void read_header(struct view line, struct multipart_part *ret)
{
	bool more;
	struct view value = line, name = view_take(&value, ':', &more);

	if (name.len == strlen("Content-Disposition") && starts_like(name, "Content-Disposition")) {
		ret->name = parameter(value, "name");
		ret->file = parameter(value, "filename");
	}
}

/* The lines up to an empty one. */
static bool read_headers(struct multipart *parts, struct multipart_part *ret)
{
	for (;;) {
		const char *end = find(parts->rest, "\r\n", 2);
		struct view line;

		if (!end)
			return fail(parts, "a part's header does not end");
		line = view_between(parts->rest.at, end);
		parts->rest = view_between(end + 2, view_end(parts->rest));
		if (!line.len)
			return true;
		read_header(line, ret);
	}
}

bool multipart_next(struct multipart *parts, struct multipart_part *ret)
{
	const char *end;

	*ret = (struct multipart_part){ 0 };
	if (parts->wrong || (parts->n == 0 && !skip_preamble(parts)))
		return false;
	if (view_starts(parts->rest, VIEW("--")))
		return false;
	if (parts->n++ == MULTIPART_PARTS_MAX)
		return fail(parts, "there are more than 100 parts");
	end = find(parts->rest, "\r\n", 2);
	if (!end || view_trim(view_between(parts->rest.at, end)).len)
		return fail(parts, "the boundary's line goes on");
	parts->rest = view_between(end + 2, view_end(parts->rest));
	if (!read_headers(parts, ret))
		return false;
	end = find(parts->rest, parts->mark, parts->mark_len);
	if (!end && view_starts(parts->rest, (struct view){ parts->mark + 2, parts->mark_len - 2 }))
		return fail(parts, "a part has no body");
	if (!end)
		return fail(parts, "a part does not end");
	ret->body = view_between(parts->rest.at, end);
	parts->rest = view_between(end + parts->mark_len, view_end(parts->rest));
	return true;
}
