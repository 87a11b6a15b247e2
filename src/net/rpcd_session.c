/* rpcd_session: HTTP/2 of one connection: frames in, calls out, answers in, frames out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/rpcd_impl.h"

#define WINDOW_OF_CALL (1 << 20)
#define WINDOW_OF_CONNECTION (4 << 20)
#define ACKS_MAX 100

/* A program cancels a call now and then, and sends frames that carry something. */
#define RESETS_AT_ONCE 100u
#define RESETS_PER_S 10u
#define FRAMES_AT_ONCE 2000u
#define FRAMES_PER_S 200u
#define BYTES_OF_FRAME 256u /* what a frame has to carry to cost nothing */
#define FRAMES_OF_CALL 4u   /* that a call which came to its end gives back */

static void earn(struct rpcd_budget *budget, uint64_t tokens, uint64_t max)
{
	budget->tokens += tokens;
	if (budget->tokens > max)
		budget->tokens = max;
}

/* False once nothing is left. */
static bool spend(struct rpcd_budget *budget, uint64_t per_s, uint64_t max)
{
	uint64_t now_ms = rpcd_now_ms(), grown = (now_ms - budget->at_ms) * per_s / 1000;

	if (grown) {
		earn(budget, grown, max);
		budget->at_ms = now_ms;
	}
	if (!budget->tokens)
		return false;
	budget->tokens--;
	return true;
}

static void end_badly(struct rpcd_session *session, uint32_t why)
{
	session->is_closing = true;
	if (nghttp2_session_terminate_session(session->http2, why) != 0)
		session->has_failed = true;
}

static struct rpcd_call *call_of(struct rpcd_session *session, int32_t stream)
{
	return nghttp2_session_get_stream_user_data(session->http2, stream);
}

static void add_call(struct rpcd_session *session, struct rpcd_call *call)
{
	call->next = session->calls;
	if (call->next)
		call->next->before = call;
	session->calls = call;
	session->n_calls++;
}

static void remove_call(struct rpcd_call *call)
{
	struct rpcd_session *session = call->session;

	if (session) {
		if (call->before)
			call->before->next = call->next;
		else
			session->calls = call->next;
		if (call->next)
			call->next->before = call->before;
		if (--session->n_calls == 0)
			session->quiet_since_ms = rpcd_now_ms();
	}
	rpcd_call_free(call);
}

/* ---- what nghttp2 tells ---- */

static int on_frame_header(nghttp2_session *http2, const nghttp2_frame_hd *head, void *owner)
{
	struct rpcd_session *session = owner;

	(void)http2;
	earn(&session->frames, head->length / BYTES_OF_FRAME, FRAMES_AT_ONCE);
	if (!spend(&session->frames, FRAMES_PER_S, FRAMES_AT_ONCE) ||
		(head->type == NGHTTP2_RST_STREAM &&
			!spend(&session->resets, RESETS_PER_S, RESETS_AT_ONCE)))
		end_badly(session, NGHTTP2_ENHANCE_YOUR_CALM);
	return 0;
}

static int on_begin_headers(nghttp2_session *http2, const nghttp2_frame *frame, void *owner)
{
	struct rpcd_session *session = owner;
	struct rpcd_call *call;

	if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	/* Calls that were cancelled count until their answer is there: cancelling frees nothing. */
	if (session->is_closing || session->n_calls >= session->rules->options.calls_max)
		return nghttp2_submit_rst_stream(
			http2, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_REFUSED_STREAM);
	call = rpcd_call_new(session, session->rules);
	if (!call)
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	call->stream = frame->hd.stream_id;
	memcpy(call->peer, session->peer, sizeof(call->peer));
	add_call(session, call);
	return nghttp2_session_set_stream_user_data(http2, call->stream, call);
}

static int on_header(nghttp2_session *http2, const nghttp2_frame *frame, const uint8_t *name,
	size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags, void *owner)
{
	struct rpcd_call *call = call_of(owner, frame->hd.stream_id);

	(void)http2;
	(void)flags;
	if (call && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		rpcd_call_header(call, (struct view){ (const char *)name, name_len },
			(struct view){ (const char *)value, value_len });
	return 0;
}

static int on_data(nghttp2_session *http2, uint8_t flags, int32_t stream, const uint8_t *bytes,
	size_t len, void *owner)
{
	struct rpcd_call *call = call_of(owner, stream);

	(void)http2;
	(void)flags;
	if (call)
		rpcd_call_add(call, (struct view){ (const char *)bytes, len });
	return 0;
}

static int on_frame(nghttp2_session *http2, const nghttp2_frame *frame, void *owner)
{
	struct rpcd_session *session = owner;
	struct rpcd_call *call = NULL;

	(void)http2;
	if (frame->hd.type == NGHTTP2_SETTINGS)
		session->is_greeted = true;
	if (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)
		call = call_of(session, frame->hd.stream_id);
	if (!call)
		return 0;
	if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		rpcd_call_begin(call);
	if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM)
		rpcd_call_end(call);
	return 0;
}

/* Who still sends when the answer is out may stop. */
static int on_frame_sent(nghttp2_session *http2, const nghttp2_frame *frame, void *owner)
{
	struct rpcd_call *call = NULL;

	if (frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
		call = call_of(owner, frame->hd.stream_id);
	if (!call)
		return 0;
	call->was_sent = true;
	if (call->has_ended)
		return 0;
	return nghttp2_submit_rst_stream(http2, NGHTTP2_FLAG_NONE, call->stream, NGHTTP2_NO_ERROR);
}

static int on_stream_closed(nghttp2_session *http2, int32_t stream, uint32_t why, void *owner)
{
	struct rpcd_session *session = owner;
	struct rpcd_call *call = call_of(session, stream);

	(void)http2;
	(void)why;
	if (!call)
		return 0;
	call->is_gone = true;
	if (call->was_sent)
		earn(&session->frames, FRAMES_OF_CALL, FRAMES_AT_ONCE);
	if (call->state != RPCD_WAITS)
		remove_call(call);
	return 0;
}

/* ---- its life ---- */

static bool open_http2(struct rpcd_session *session)
{
	nghttp2_session_callbacks *callbacks;
	nghttp2_option *option;
	bool ok = nghttp2_session_callbacks_new(&callbacks) == 0;

	if (!ok)
		return false;
	nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_frame_header);
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
	ok = nghttp2_option_new(&option) == 0;
	if (ok) {
		nghttp2_option_set_no_closed_streams(option, 1);
		nghttp2_option_set_max_outbound_ack(option, ACKS_MAX);
		ok = nghttp2_session_server_new2(&session->http2, callbacks, session, option) == 0;
		nghttp2_option_del(option);
	}
	nghttp2_session_callbacks_del(callbacks);
	return ok;
}

static bool greet(struct rpcd_session *session)
{
	const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, session->rules->options.calls_max },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW_OF_CALL },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, RPCD_HEADERS_MAX },
		{ NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1 },
	};

	return nghttp2_submit_settings(session->http2, NGHTTP2_FLAG_NONE, settings,
		       sizeof(settings) / sizeof(settings[0])) == 0 &&
	       nghttp2_session_set_local_window_size(
		       session->http2, NGHTTP2_FLAG_NONE, 0, WINDOW_OF_CONNECTION) == 0;
}

struct rpcd_session *rpcd_session_new(struct rpcd_rules *rules, const char *peer)
{
	struct rpcd_session *session = calloc(1, sizeof(*session));

	if (!session)
		return NULL;
	session->rules = rules;
	session->quiet_since_ms = rpcd_now_ms();
	session->resets = (struct rpcd_budget){ session->quiet_since_ms, RESETS_AT_ONCE };
	session->frames = (struct rpcd_budget){ session->quiet_since_ms, FRAMES_AT_ONCE };
	snprintf(session->peer, sizeof(session->peer), "%s", peer);
	if (open_http2(session) && greet(session))
		return session;
	rpcd_session_free(session);
	return NULL;
}

void rpcd_session_free(struct rpcd_session *session)
{
	nghttp2_session_del(session->http2);
	while (session->calls) {
		struct rpcd_call *call = session->calls;

		session->calls = call->next;
		call->session = NULL;
		call->is_gone = true;
		if (call->state != RPCD_WAITS)
			rpcd_call_free(call);
	}
	free(session);
}

void rpcd_session_read(struct rpcd_session *session, struct view bytes)
{
	if (!session->has_failed &&
		nghttp2_session_mem_recv(session->http2, (const uint8_t *)bytes.at, bytes.len) < 0)
		session->has_failed = true;
}

void rpcd_session_write(struct rpcd_session *session, struct buf *out, size_t len_max)
{
	const uint8_t *bytes;
	ssize_t len;

	while (!session->has_failed && out->len < len_max) {
		len = nghttp2_session_mem_send(session->http2, &bytes);
		if (len < 0)
			session->has_failed = true;
		if (len <= 0)
			break;
		buf_add(out, bytes, (size_t)len);
		session->has_failed |= out->failed;
	}
}

void rpcd_session_answer(struct rpcd_call *call, const struct rpcd_reply *reply)
{
	call->reply = *reply;
	rpcd_reply_submit(call);
	if (call->is_gone)
		remove_call(call);
}

void rpcd_session_look(struct rpcd_session *session, uint64_t now_ms)
{
	for (struct rpcd_call *call = session->calls; call; call = call->next)
		if (call->state == RPCD_READS && call->until_ms <= now_ms)
			rpcd_call_refuse(call, RPCD_DEADLINE_EXCEEDED,
				"the message did not come within %llu s",
				(unsigned long long)(call->until_ms - call->begin_ms) / 1000);
}

void rpcd_session_close(struct rpcd_session *session)
{
	if (session->is_closing)
		return;
	session->is_closing = true;
	if (nghttp2_submit_goaway(session->http2, NGHTTP2_FLAG_NONE,
		    nghttp2_session_get_last_proc_stream_id(session->http2), NGHTTP2_NO_ERROR, NULL,
		    0) != 0)
		session->has_failed = true;
}

bool rpcd_session_is_over(const struct rpcd_session *session)
{
	return session->has_failed || (!nghttp2_session_want_read(session->http2) &&
					      !nghttp2_session_want_write(session->http2));
}
