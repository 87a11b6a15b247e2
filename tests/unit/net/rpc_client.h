/* rpc_client: the other end of a gRPC session, in memory, by nghttp2 too; what it was answered. */
#ifndef TESTS_RPC_CLIENT_H
#define TESTS_RPC_CLIENT_H

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "net/rpcd_impl.h"

struct rpc_client {
	nghttp2_session *http2;
	struct buf body; /* that is sent */
	size_t sent;
	bool is_held;       /* the body's end is not sent */
	struct buf headers; /* "name: value\n" of the answer, trailers too */
	struct buf answer;  /* its body */
	bool is_closed;     /* the call's stream */
	uint32_t reset, goodbye;
	bool said_goodbye;
};

static inline ssize_t rpc_client_give(nghttp2_session *http2, int32_t stream, uint8_t *into,
	size_t len, uint32_t *flags, nghttp2_data_source *source, void *owner)
{
	struct rpc_client *client = owner;
	size_t left = client->body.len - client->sent;

	(void)http2, (void)stream, (void)source;
	if (len > left)
		len = left;
	if (len)
		memcpy(into, client->body.at + client->sent, len);
	client->sent += len;
	if (client->sent == client->body.len && client->is_held)
		return len ? (ssize_t)len : NGHTTP2_ERR_DEFERRED;
	if (client->sent == client->body.len)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)len;
}

static inline int rpc_client_header(nghttp2_session *http2, const nghttp2_frame *frame,
	const uint8_t *name, size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
	void *owner)
{
	(void)http2, (void)frame, (void)flags;
	buf_add_format(&((struct rpc_client *)owner)->headers, "%.*s: %.*s\n", (int)name_len, name,
		(int)value_len, value);
	return 0;
}

static inline int rpc_client_data(nghttp2_session *http2, uint8_t flags, int32_t stream,
	const uint8_t *bytes, size_t len, void *owner)
{
	(void)http2, (void)flags, (void)stream;
	buf_add(&((struct rpc_client *)owner)->answer, bytes, len);
	return 0;
}

static inline int rpc_client_frame(nghttp2_session *http2, const nghttp2_frame *frame, void *owner)
{
	struct rpc_client *client = owner;

	(void)http2;
	if (frame->hd.type == NGHTTP2_GOAWAY) {
		client->said_goodbye = true;
		client->goodbye = frame->goaway.error_code;
	}
	return 0;
}

static inline int rpc_client_closed(
	nghttp2_session *http2, int32_t stream, uint32_t code, void *owner)
{
	struct rpc_client *client = owner;

	(void)http2, (void)stream;
	client->is_closed = true;
	client->reset = code;
	return 0;
}

static inline void rpc_client_init(struct rpc_client *client)
{
	nghttp2_session_callbacks *callbacks;

	*client = (struct rpc_client){ 0 };
	assert_int_equal(nghttp2_session_callbacks_new(&callbacks), 0);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, rpc_client_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, rpc_client_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, rpc_client_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, rpc_client_closed);
	assert_int_equal(nghttp2_session_client_new(&client->http2, callbacks, client), 0);
	nghttp2_session_callbacks_del(callbacks);
	nghttp2_submit_settings(client->http2, NGHTTP2_FLAG_NONE, NULL, 0);
}

static inline void rpc_client_fini(struct rpc_client *client)
{
	nghttp2_session_del(client->http2);
	buf_fini(&client->body);
	buf_fini(&client->headers);
	buf_fini(&client->answer);
}

static inline nghttp2_nv rpc_client_nv(const char *name, const char *value)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0 };
}

/* A call of `path` with a message, and one header more if `name` is one. Returns the stream. */
static inline int32_t rpc_client_call(struct rpc_client *client, const char *path,
	struct view message, const char *name, const char *value)
{
	nghttp2_data_provider body = { .read_callback = rpc_client_give };
	nghttp2_nv headers[] = { rpc_client_nv(":method", "POST"), rpc_client_nv(":scheme", "http"),
		rpc_client_nv(":path", path), rpc_client_nv(":authority", "x"),
		rpc_client_nv("content-type", "application/grpc"), rpc_client_nv("te", "trailers"),
		rpc_client_nv(name ? name : "", value ? value : "") };

	buf_clear(&client->body);
	buf_clear(&client->headers);
	buf_clear(&client->answer);
	client->sent = 0;
	client->is_closed = false;
	rpcd_frame_put(message, &client->body);
	return nghttp2_submit_request(client->http2, NULL, headers, name ? 7 : 6, &body, NULL);
}

/* What the answer says: a header's whole line. */
static inline bool rpc_client_has(struct rpc_client *client, const char *line)
{
	return client->headers.len &&
	       memmem(client->headers.at, client->headers.len, line, strlen(line));
}

#endif
