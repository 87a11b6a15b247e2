/* rpcd_reply: the frames of an answer. */
#include <stdio.h>
#include <string.h>

#include "net/rpcd_impl.h"

#define HEADERS_MAX 8

struct headers {
	nghttp2_nv at[HEADERS_MAX];
	size_t n;
};

static void add(struct headers *headers, const char *name, struct view value)
{
	headers->at[headers->n++] = (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value.at,
		strlen(name), value.len, NGHTTP2_NV_FLAG_NONE };
}

/* Without memory there is no answer at all: the connection ends. */
static void check(struct rpcd_call *call, int code)
{
	if (code)
		call->session->has_failed = true;
}

static void add_status(
	struct headers *headers, const struct rpcd_call *call, char number[16], struct buf *text)
{
	snprintf(number, 16, "%u", call->reply.code);
	add(headers, "grpc-status", view_of(number));
	if (!call->reply.code)
		return;
	rpcd_frame_put_sentence(view_of(call->reply.text), text);
	add(headers, "grpc-message", buf_view(text));
	if (call->reply.details.len)
		add(headers, "grpc-status-details-bin", buf_view(&call->reply.details));
}

/* The end of a good answer. */
static void submit_trailer(struct rpcd_call *call)
{
	struct headers headers = { 0 };
	char number[16];
	BUF_AUTO text = { 0 };

	add_status(&headers, call, number, &text);
	check(call,
		nghttp2_submit_trailer(call->session->http2, call->stream, headers.at, headers.n));
}

static ssize_t give_message(nghttp2_session *http2, int32_t stream, uint8_t *into, size_t len,
	uint32_t *flags, nghttp2_data_source *source, void *owner)
{
	struct rpcd_call *call = source->ptr;
	size_t left = call->frames.len - call->sent;

	(void)http2;
	(void)stream;
	(void)owner;
	if (len > left)
		len = left;
	memcpy(into, call->frames.at + call->sent, len);
	call->sent += len;
	if (len == left) {
		*flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
		submit_trailer(call);
	}
	return (ssize_t)len;
}

void rpcd_reply_submit(struct rpcd_call *call)
{
	nghttp2_data_provider message = { .source.ptr = call, .read_callback = give_message };
	struct headers headers = { 0 };
	char number[16];
	BUF_AUTO text = { 0 };

	call->state = RPCD_ANSWERED;
	if (call->is_gone || !call->session)
		return;
	add(&headers, ":status", VIEW("200"));
	add(&headers, "content-type", VIEW("application/grpc"));
	add(&headers, "grpc-accept-encoding", VIEW("identity,gzip"));
	if (call->reply.code) {
		add_status(&headers, call, number, &text);
	} else {
		rpcd_frame_put(buf_view(&call->reply.message), &call->frames);
		if (call->frames.failed)
			call->session->has_failed = true;
	}
	check(call, nghttp2_submit_response(call->session->http2, call->stream, headers.at,
			    headers.n, call->reply.code ? NULL : &message));
}

void rpcd_reply_status(struct rpcd_call *call, const char *http_status)
{
	struct headers headers = { 0 };

	call->state = RPCD_ANSWERED;
	call->reply.code = RPCD_UNIMPLEMENTED;
	add(&headers, ":status", view_of(http_status));
	check(call, nghttp2_submit_response(
			    call->session->http2, call->stream, headers.at, headers.n, NULL));
}
