/* rpcd_call: one call: its headers and its message, held against the limits. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/rpcd_impl.h"

#define KEPT_PSEUDO ":path", ":method"

struct rpcd_call *rpcd_call_new(struct rpcd_session *session, struct rpcd_rules *rules)
{
	struct rpcd_call *call = calloc(1, sizeof(*call));

	if (!call)
		return NULL;
	call->session = session;
	call->rules = rules;
	call->begin_ms = rpcd_now_ms();
	call->until_ms = call->begin_ms + rules->options.time_ms;
	buf_init(&call->texts, RPCD_HEADERS_MAX);
	return call;
}

static void drop_message(struct rpcd_call *call)
{
	call->rules->held -= call->body.len;
	buf_fini(&call->body);
}

void rpcd_call_free(struct rpcd_call *call)
{
	const struct rpcd_options *options = &call->rules->options;

	if (call->is_admitted && options->forget)
		options->forget(options->owner, call, call->reply.code, call->was_sent);
	drop_message(call);
	buf_fini(&call->texts);
	buf_fini(&call->reply.message);
	buf_fini(&call->reply.details);
	buf_fini(&call->frames);
	free(call);
}

static bool is_kept(struct view name)
{
	static const char *const kept[] = { KEPT_PSEUDO };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (view_equal(name, view_of(kept[i])))
			return true;
	return name.len && name.at[0] != ':';
}

static bool has_nul(struct view text)
{
	return text.len && memchr(text.at, '\0', text.len);
}

void rpcd_call_header(struct rpcd_call *call, struct view name, struct view value)
{
	size_t at = call->texts.len;

	if (!is_kept(name) || has_nul(name) || has_nul(value))
		return;
	buf_add_view(&call->texts, name);
	buf_add_char(&call->texts, '\0');
	buf_add_view(&call->texts, value);
	buf_add_char(&call->texts, '\0');
	if (call->texts.failed || call->n_fields == RPCD_FIELDS_MAX)
		call->is_too_long = true;
	else
		call->fields[call->n_fields++] = (uint32_t)at;
}

const char *rpcd_call_find(const struct rpcd_call *call, const char *name)
{
	for (unsigned i = 0; i < call->n_fields; i++) {
		const char *at = call->texts.at + call->fields[i];

		if (strcmp(at, name) == 0)
			return at + strlen(at) + 1;
	}
	return NULL;
}

void rpcd_call_refuse(struct rpcd_call *call, unsigned code, const char *format, ...)
{
	va_list args;

	if (call->state == RPCD_ANSWERED)
		return;
	va_start(args, format);
	vsnprintf(call->reply.text, sizeof(call->reply.text), format, args);
	va_end(args);
	call->reply.code = code;
	rpcd_reply_submit(call);
	drop_message(call);
}

static bool is_grpc(struct rpcd_call *call)
{
	const char *method = rpcd_call_find(call, ":method");
	const char *type = rpcd_call_find(call, "content-type");

	if (!method || strcmp(method, "POST") != 0)
		rpcd_reply_status(call, "405");
	else if (!type || strncasecmp(type, "application/grpc", 16) != 0)
		rpcd_reply_status(call, "415");
	return call->state == RPCD_READS;
}

static void admit(struct rpcd_call *call)
{
	const struct rpcd_options *options = &call->rules->options;

	call->is_admitted = true;
	if (options->admit)
		options->admit(options->owner, call, &call->reply);
	if (call->reply.code)
		rpcd_reply_submit(call);
}

void rpcd_call_begin(struct rpcd_call *call)
{
	if (call->is_too_long)
		rpcd_call_refuse(call, RPCD_RESOURCE_EXHAUSTED,
			"more than %zu bytes or %u fields of headers", RPCD_HEADERS_MAX,
			RPCD_FIELDS_MAX);
	else if (is_grpc(call) && rpcd_call_find(call, "origin"))
		rpcd_call_refuse(call, RPCD_PERMISSION_DENIED,
			"a page of another site may not send anything here");
	else if (call->state == RPCD_READS)
		admit(call);
}

/* The prefix is there: what it says is held against the limit before the message comes. */
static void judge_frame(struct rpcd_call *call)
{
	const struct rpcd_options *options = &call->rules->options;
	const char *coding = rpcd_call_find(call, "grpc-encoding");
	uint64_t time_ms = call->frame.len / options->rate_min;
	size_t message_max = atomic_load(&call->rules->message_max);

	call->is_framed = true;
	if (time_ms > options->time_ms)
		call->until_ms = call->begin_ms + time_ms;
	if (call->frame.len > message_max)
		rpcd_call_refuse(call, RPCD_RESOURCE_EXHAUSTED,
			"the message has %zu bytes; the limit is %zu%s%s%s", call->frame.len,
			message_max, options->message_setting ? " (" : "",
			options->message_setting ? options->message_setting : "",
			options->message_setting ? ")" : "");
	else if (call->frame.packed && (!coding || strcmp(coding, "identity") == 0))
		rpcd_call_refuse(call, RPCD_INTERNAL,
			"the message is packed, and grpc-encoding does not say how");
	else if (call->frame.packed && strcmp(coding, "gzip") != 0)
		rpcd_call_refuse(
			call, RPCD_UNIMPLEMENTED, "grpc-encoding is identity or gzip here");
}

static void judge_body(struct rpcd_call *call)
{
	bool wrong = false;

	if (!call->is_framed && rpcd_frame_read(buf_view(&call->body), &call->frame, &wrong))
		judge_frame(call);
	if (wrong)
		rpcd_call_refuse(call, RPCD_INTERNAL, "no message of gRPC");
	else if (call->is_framed && call->body.len - RPCD_FRAME_PREFIX > call->frame.len)
		rpcd_call_refuse(call, RPCD_UNIMPLEMENTED, "a call has one message here");
}

void rpcd_call_add(struct rpcd_call *call, struct view bytes)
{
	struct rpcd_rules *rules = call->rules;

	if (call->state != RPCD_READS)
		return;
	if (bytes.len > rules->options.messages_max - rules->held) {
		rpcd_call_refuse(call, RPCD_UNAVAILABLE,
			"the server holds as many messages as its memory allows: try again");
		return;
	}
	buf_add_view(&call->body, bytes);
	if (call->body.failed) {
		rpcd_call_refuse(call, RPCD_UNAVAILABLE, "out of memory");
		return;
	}
	rules->held += bytes.len;
	judge_body(call);
}

void rpcd_call_end(struct rpcd_call *call)
{
	call->has_ended = true;
	if (call->state != RPCD_READS)
		return;
	if (!call->is_framed || call->body.len - RPCD_FRAME_PREFIX != call->frame.len) {
		rpcd_call_refuse(call, RPCD_INTERNAL,
			call->body.len ? "the message is cut off" : "a call without a message");
		return;
	}
	call->state = RPCD_WAITS;
	call->rules->ready(call->rules->owner, call);
}
