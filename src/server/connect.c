/* connect: unary calls of the Connect protocol, as protobuf and as JSON. */
#include "server/connect.h"

#include <strings.h>

#include "base/clock.h"
#include "server/payload.h"
#include "server/problem.h"

#define TIMEOUT_DIGITS_MAX 10
#define RATIO_MAX 1100 /* what deflate can at most */

unsigned connect_status(int code)
{
	switch (code) {
	case ERR_LIMIT:
		return 429;
	case ERR_CANCELLED:
		return 504;
	default:
		return problem_status(code);
	}
}

static bool refuse(struct httpd_reply *reply, unsigned status, const char *sentence)
{
	problem_reply(reply, status, sentence);
	return false;
}

/* "application/json", perhaps with parameters. */
static bool is_type(const char *header, const char *type)
{
	size_t len = strlen(type);

	return header && strncasecmp(header, type, len) == 0 &&
	       (!header[len] || header[len] == ';' || header[len] == ' ');
}

static bool read_codec(const struct router_call *call, bool *ret_json, struct httpd_reply *reply)
{
	const char *type = httpd_header(call->http, "Content-Type");

	*ret_json = is_type(type, "application/json");
	if (*ret_json || is_type(type, "application/proto"))
		return true;
	httpd_reply_header(reply, "Accept-Post", "application/json, application/proto");
	return refuse(reply, 415, "Content-Type is application/proto or application/json here");
}

static bool read_version(const struct router_call *call, struct httpd_reply *reply)
{
	const char *version = httpd_header(call->http, "Connect-Protocol-Version");

	if (!version || strcmp(version, "1") == 0)
		return true;
	return refuse(reply, 400, "Connect-Protocol-Version is 1 here, or left out");
}

static bool read_timeout(
	const struct router_call *call, uint64_t *ret_end_ns, struct httpd_reply *reply)
{
	struct view text = view_of(httpd_header(call->http, "Connect-Timeout-Ms"));
	uint64_t ms;

	*ret_end_ns = UINT64_MAX;
	if (!text.at)
		return true;
	if (text.len > TIMEOUT_DIGITS_MAX || !view_to_u64(text, &ms))
		return refuse(reply, 400, "Connect-Timeout-Ms is a number of at most 10 digits");
	*ret_end_ns = call->begin_ns + ms * 1000000;
	return true;
}

static bool read_body(const struct router_call *call, struct buf *room, struct view *ret,
	struct httpd_reply *reply)
{
	static const struct payload_limits limits = { CONNECT_REQUEST_MAX, RATIO_MAX,
		"the server" };
	const char *coding = httpd_header(call->http, "Content-Encoding");

	if (coding && coding[0] && strcasecmp(coding, "gzip") && strcasecmp(coding, "identity")) {
		httpd_reply_header(reply, "Accept-Encoding", "gzip");
		return refuse(reply, 501, "Content-Encoding is gzip or identity here");
	}
	if (!payload_read(call->http, &limits, room, ret, reply))
		return false;
	if (ret->len > CONNECT_REQUEST_MAX)
		return refuse(reply, 429, "a question has at most 1 MiB");
	return true;
}

int connect_check_time(const struct connect_call *call, struct err *err)
{
	if (clock_monotonic_ns() <= call->end_ns)
		return 0;
	return err_set(err, ERR_CANCELLED, "the answer took longer than Connect-Timeout-Ms allows");
}

static int run(const struct connect_method *method, void *owner, struct connect_call *call,
	struct httpd_reply *reply, struct err *err)
{
	int rc;

	buf_init(&reply->made, CONNECT_REPLY_MAX);
	rc = connect_check_time(call, err);
	if (rc == 0)
		rc = method->answer(owner, call, &reply->made, err);
	if (rc == 0)
		rc = connect_check_time(call, err);
	if (rc == 0 && reply->made.failed)
		rc = err_set(err, ERR_LIMIT, "the answer has more than %zu MiB: ask for less",
			CONNECT_REPLY_MAX >> 20);
	return rc;
}

static int to_json(const struct connect_method *method, struct httpd_reply *reply, struct err *err)
{
	struct buf text = { .max = 3 * CONNECT_REPLY_MAX };
	int rc = protojson_write(method->reply, buf_view(&reply->made), &text, err);

	buf_fini(&reply->made);
	reply->made = text;
	return rc;
}

void connect_answer(const struct connect_method *method, void *owner,
	const struct router_call *call, struct httpd_reply *reply)
{
	struct connect_call asked = { .http = call };
	struct err err = { 0 };
	BUF_AUTO room = { 0 };
	BUF_AUTO message = { .max = 4 * CONNECT_REQUEST_MAX };
	bool is_json;
	int rc = 0;

	if (!read_codec(call, &is_json, reply) || !read_version(call, reply) ||
		!read_timeout(call, &asked.end_ns, reply) ||
		!read_body(call, &room, &asked.request, reply))
		return;
	if (call->budget && asked.end_ns != UINT64_MAX)
		call->budget->end_ns = asked.end_ns;
	if (is_json && asked.request.len) {
		rc = protojson_read(method->request, asked.request, &message, &err);
		asked.request = buf_view(&message);
	}
	if (rc == 0)
		rc = run(method, owner, &asked, reply, &err);
	if (rc == 0 && is_json)
		rc = to_json(method, reply, &err);
	if (rc < 0) {
		problem_reply(reply, connect_status(rc), err.text);
		return;
	}
	reply->mime = is_json ? "application/json" : "application/proto";
	payload_pack(call->http, reply);
}
