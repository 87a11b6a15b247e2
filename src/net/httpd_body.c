/* httpd_body: request bodies, counted before and while they are read. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "net/httpd_impl.h"

#define SWALLOWED_MAX ((size_t)4 << 20) /* of a refused body; then the connection ends */
#define ROOM_AT_ONCE ((size_t)1 << 20)  /* for a declared length; more is believed when it comes */

static void refusev(struct httpd_call *call, unsigned status, const char *format, va_list args)
{
	struct httpd *httpd = call->httpd;
	char sentence[ERR_TEXT_MAX];

	vsnprintf(sentence, sizeof(sentence), format, args);
	buf_fini(&call->reply.made);
	call->reply = (struct httpd_reply){ .status = status };
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		httpd_reply_header(&call->reply, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	if (httpd->options.refuse)
		httpd->options.refuse(httpd->options.owner, &call->request, sentence, &call->reply);
	else
		buf_add_format(&call->reply.made, "%s\n", sentence);
}

void httpd_body_refuse(struct httpd_call *call, unsigned status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refusev(call, status, format, args);
	va_end(args);
	httpd_body_fini(call);
	call->state = CALL_SWALLOWS;
}

static void too_large(struct httpd_call *call)
{
	const struct httpd_terms *terms = &call->terms;

	if (!terms->body_max)
		httpd_body_refuse(
			call, MHD_HTTP_CONTENT_TOO_LARGE, "no request body is taken here");
	else if (terms->setting)
		httpd_body_refuse(call, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request body is larger than %zu bytes, the limit that %s sets",
			terms->body_max, terms->setting);
	else
		httpd_body_refuse(call, MHD_HTTP_CONTENT_TOO_LARGE,
			"the request body is larger than %zu bytes, the limit", terms->body_max);
}

struct count {
	unsigned lengths, codings;
};

static enum MHD_Result count_framing(
	void *owner, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct count *count = owner;

	(void)kind;
	(void)value;
	count->lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
	count->codings += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
	return MHD_YES;
}

/* Two ways to tell where a body ends are a way to smuggle a request past a proxy. */
static bool is_framed_once(struct httpd_call *call)
{
	struct count count = { 0 };

	MHD_get_connection_values(call->connection, MHD_HEADER_KIND, count_framing, &count);
	return count.lengths + count.codings <= 1;
}

static bool has_chunks(const struct httpd_call *call)
{
	return httpd_header(&call->request, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

static size_t declared_length(const struct httpd_call *call)
{
	uint64_t length = 0;
	const char *text = httpd_header(&call->request, MHD_HTTP_HEADER_CONTENT_LENGTH);

	if (text && !view_to_u64(view_trim(view_of(text)), &length))
		return SIZE_MAX;
	return (size_t)length;
}

static void only_get(struct httpd_call *call)
{
	if (strcmp(call->request.method, "GET") == 0 || strcmp(call->request.method, "HEAD") == 0)
		return;
	httpd_body_refuse(call, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are served here");
	httpd_reply_header(&call->reply, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
}

static void ask_owner(struct httpd_call *call)
{
	const struct httpd_options *options = &call->httpd->options;

	if (!options->admit) {
		only_get(call);
		return;
	}
	options->admit(options->owner, &call->request, &call->terms, &call->reply);
	if (call->reply.status)
		call->state = CALL_SWALLOWS;
}

void httpd_body_admit(struct httpd_call *call)
{
	size_t length = declared_length(call);

	ask_owner(call);
	if (!is_framed_once(call)) {
		httpd_body_refuse(call, MHD_HTTP_BAD_REQUEST,
			"a request has one Content-Length or Transfer-Encoding, not several");
		length = SIZE_MAX; /* nobody knows: say it and end the connection */
	} else if (call->state == CALL_READS && atomic_load(&call->httpd->is_stopping)) {
		httpd_body_refuse(
			call, MHD_HTTP_SERVICE_UNAVAILABLE, "the server is being stopped");
	} else if (call->state == CALL_READS && length > call->terms.body_max) {
		too_large(call);
		length = SIZE_MAX;
	}
	/* Who waits for "100 Continue", or would send a lot, hears it before it sends anything. */
	if (call->state == CALL_SWALLOWS &&
		(length > SWALLOWED_MAX || httpd_header(&call->request, MHD_HTTP_HEADER_EXPECT)))
		call->state = CALL_IS_ANSWERED;
	httpd_give_time(call->httpd, call->connection,
		has_chunks(call)     ? call->terms.body_max
		: length == SIZE_MAX ? 0
				     : length);
	if (call->state == CALL_READS && length)
		buf_reserve(&call->body, length < ROOM_AT_ONCE ? length : ROOM_AT_ONCE);
}

bool httpd_body_add(struct httpd_call *call, const char *bytes, size_t len)
{
	struct httpd *httpd = call->httpd;
	size_t held;

	if (call->state != CALL_READS)
		return (call->swallowed += len) <= SWALLOWED_MAX;
	if (len > call->terms.body_max - call->body.len) {
		too_large(call);
		return true;
	}
	held = atomic_fetch_add(&httpd->body_bytes, len) + len;
	buf_add(&call->body, bytes, len);
	if (call->body.failed)
		atomic_fetch_sub(&httpd->body_bytes, len);
	if (call->body.failed || (httpd->options.bodies_max && held > httpd->options.bodies_max))
		httpd_body_refuse(call, MHD_HTTP_SERVICE_UNAVAILABLE,
			"the server holds as many request bodies as the setting memory allows: try "
			"again");
	return true;
}

void httpd_body_fini(struct httpd_call *call)
{
	atomic_fetch_sub(&call->httpd->body_bytes, call->body.len);
	buf_fini(&call->body);
}
