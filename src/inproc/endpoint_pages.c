/* endpoint_pages: what the endpoint answers at once. */
#include "inproc/endpoint_pages.h"

#include <dlfcn.h>

#include "base/disk.h"
#include "inproc/kind.h"
#include "symbol/demangle.h"

#define CMDLINE_MAX ((size_t)1 << 20)
#define HTML "text/html; charset=utf-8"
#define TEXT "text/plain; charset=utf-8"

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" }, { 301, "Moved Permanently" }, { 400, "Bad Request" },
		{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 413, "Content Too Large" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 505, "HTTP Version Not Supported" } };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

static void put(struct buf *out, int status, const char *mime, const char *extra, struct view body)
{
	buf_add_format(out,
		"HTTP/1.1 %d %s\r\n"
		"Content-Type: %s\r\n"
		"Content-Length: %zu\r\n"
		"X-Content-Type-Options: nosniff\r\n"
		"Cache-Control: no-store\r\n"
		"%s"
		"Connection: close\r\n\r\n",
		status, reason_of(status), mime, body.len, extra);
	buf_add_view(out, body);
}

void endpoint_pages_error(struct buf *out, int status, const char *extra, const char *sentence)
{
	BUF_AUTO headers = { 0 };
	BUF_AUTO body = { 0 };

	buf_add_format(&headers, "X-Go-Pprof: 1\r\n%s", extra);
	buf_add_char(&headers, '\0');
	buf_add_format(&body, "%s\n", sentence);
	put(out, status, TEXT, headers.failed ? "" : headers.at, buf_view(&body));
}

void endpoint_pages_profile(struct buf *out, const char *name, struct view profile)
{
	BUF_AUTO header = { 0 };

	buf_add_format(&header, "Content-Disposition: attachment; filename=\"%s\"\r\n", name);
	buf_add_char(&header, '\0');
	put(out, 200, "application/octet-stream", header.failed ? "" : header.at, profile);
}

void endpoint_pages_text(struct buf *out, struct view text)
{
	put(out, 200, TEXT, "", text);
}

static void put_kind(struct buf *body, const struct kind *kind)
{
	if (kind->start)
		buf_add_format(
			body, "<li><a href=\"%s?seconds=10\">%s</a>: ", kind->name, kind->name);
	else
		buf_add_format(body,
			"<li><a href=\"%s?debug=1\">%s</a> (<a href=\"%s\">pprof</a>, <a "
			"href=\"%s?seconds=10\">10 s</a>): ",
			kind->name, kind->name, kind->name, kind->name);
	buf_add_format(body, "%s\n", kind->about);
}

void endpoint_pages_index(struct buf *out, bool show_cmdline)
{
	BUF_AUTO body = { 0 };

	buf_add_text(&body,
		"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		"<title>/debug/pprof/</title>\n<h1>/debug/pprof/</h1>\n"
		"<p>Profiles of this process. <code>go tool pprof</code> and <code>flyover "
		"view</code> take their addresses.</p>\n<ul>\n");
	for (size_t i = 0; kind_all[i]; i++)
		put_kind(&body, kind_all[i]);
	buf_add_text(&body, "<li><a href=\"symbol\">symbol</a>: names for addresses\n");
	if (show_cmdline)
		buf_add_text(&body, "<li><a href=\"cmdline\">cmdline</a>: how it was started\n");
	buf_add_text(&body,
		"</ul>\n<p><code>?seconds=N</code> on a snapshot is what changed meanwhile; "
		"<code>?debug=1</code> is text. One profile of a kind at a time.</p>\n");
	put(out, 200, HTML, "Content-Security-Policy: default-src 'none'\r\n", buf_view(&body));
}

void endpoint_pages_cmdline(struct buf *out)
{
	BUF_AUTO text = { .max = CMDLINE_MAX };
	struct err err;

	if (disk_read("/proc/self/cmdline", CMDLINE_MAX, &text, &err) < 0) {
		endpoint_pages_error(out, 500, "", err.text);
		return;
	}
	if (text.len && text.at[text.len - 1] == '\0')
		text.len--;
	put(out, 200, TEXT, "", buf_view(&text));
}

static void put_name(struct buf *body, struct view address)
{
	uint64_t number;
	Dl_info info;

	if (view_starts(address, VIEW("0x")) || view_starts(address, VIEW("0X")))
		address = (struct view){ address.at + 2, address.len - 2 };
	if (!view_hex_to_u64(address, &number) || !number)
		return;
	if (!dladdr((const void *)(uintptr_t)number, &info) || !info.dli_sname)
		return;
	buf_add_format(body, "0x%llx ", (unsigned long long)number);
	demangle(view_of(info.dli_sname), body);
	buf_add_char(body, '\n');
}

/* Addresses joined by "+", in the body of a POST or as the query of a GET. */
void endpoint_pages_symbol(struct buf *out, const struct http_request *request)
{
	struct view rest = request->method == HTTP_POST ? request->body : request->query;
	BUF_AUTO body = { 0 };
	bool more = rest.len > 0;

	buf_add_text(&body, "num_symbols: 1\n");
	while (more)
		put_name(&body, view_trim(view_take(&rest, '+', &more)));
	put(out, 200, TEXT, "", buf_view(&body));
}
