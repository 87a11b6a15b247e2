/* httpd_reply: what is answered, as libmicrohttpd wants it. */
#include <stdarg.h>
#include <stdio.h>

#include "net/httpd_impl.h"

void httpd_reply_header(struct httpd_reply *reply, const char *name, const char *format, ...)
{
	va_list args;

	if (reply->n_headers == HTTPD_HEADERS_MAX)
		return;
	va_start(args, format);
	vsnprintf(reply->headers[reply->n_headers].value, HTTPD_HEADER_MAX, format, args);
	va_end(args);
	reply->headers[reply->n_headers++].name = name;
}

static struct MHD_Response *response_of(struct httpd_reply *reply)
{
	struct MHD_Response *response;

	if (reply->body.len || !reply->made.len)
		return MHD_create_response_from_buffer(
			reply->body.len, (void *)reply->body.at, MHD_RESPMEM_PERSISTENT);
	response = MHD_create_response_from_buffer(
		reply->made.len, reply->made.at, MHD_RESPMEM_MUST_FREE);
	if (response)
		reply->made = (struct buf){ 0 };
	return response;
}

static void add_headers(
	struct MHD_Response *response, const struct httpd *httpd, const struct httpd_reply *reply)
{
	const char *mime = reply->mime ? reply->mime : "text/plain; charset=utf-8";
	char disposition[160];

	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, mime);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
		reply->immutable ? "public, max-age=31536000, immutable" : "no-store");
	MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	if (reply->gzipped)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (reply->file) {
		snprintf(disposition, sizeof(disposition), "attachment; filename=\"%.120s\"",
			reply->file);
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
	}
	for (size_t i = 0; i < reply->n_headers; i++)
		MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
	for (const char *const *h = httpd->options.headers; h && *h; h += 2)
		MHD_add_response_header(response, h[0], h[1]);
	if (atomic_load(&httpd->is_stopping))
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

enum MHD_Result httpd_reply_queue(struct httpd_call *call)
{
	struct httpd_reply *reply = &call->reply;
	struct MHD_Response *response;
	enum MHD_Result queued;

	if (reply->made.failed) {
		buf_fini(&reply->made);
		*reply = (struct httpd_reply){ .status = MHD_HTTP_INTERNAL_SERVER_ERROR,
			.body = VIEW("out of memory\n") };
	}
	httpd_give_time(call->httpd, call->connection, reply->body.len + reply->made.len);
	response = response_of(reply);
	if (!response)
		return MHD_NO; /* on_answered frees what is in the reply */
	if (!reply->status)
		reply->status = MHD_HTTP_OK;
	add_headers(response, call->httpd, reply);
	queued = MHD_queue_response(call->connection, reply->status, response);
	MHD_destroy_response(response);
	return queued;
}
