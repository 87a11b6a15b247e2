/* problem: an error as programs and people read it. */
#include "server/problem.h"

#include "wire/json.h"

static const struct {
	unsigned status;
	const char *code;
} codes[] = {
	{ 400, "invalid_argument" },
	{ 401, "unauthenticated" },
	{ 403, "permission_denied" },
	{ 404, "not_found" },
	{ 405, "unimplemented" },
	{ 408, "deadline_exceeded" },
	{ 409, "already_exists" },
	{ 413, "resource_exhausted" },
	{ 415, "invalid_argument" },
	{ 422, "out_of_range" },
	{ 429, "resource_exhausted" },
	{ 499, "canceled" },
	{ 501, "unimplemented" },
	{ 503, "unavailable" },
	{ 504, "deadline_exceeded" },
	{ 507, "unavailable" },
};

const char *problem_code(unsigned status)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].status == status)
			return codes[i].code;
	return status < 500 ? "invalid_argument" : "internal";
}

unsigned problem_status(int code)
{
	switch (code) {
	case ERR_USAGE:
	case ERR_CORRUPT:
		return 400;
	case ERR_DENIED:
		return 403;
	case ERR_NOT_FOUND:
		return 404;
	case ERR_LIMIT:
		return 413;
	case ERR_UNSUPPORTED:
		return 501;
	case ERR_CANCELLED:
		return 499;
	case ERR_LATE:
		return 504;
	case ERR_NOMEM:
		return 503;
	default:
		return 500;
	}
}

void problem_reply(struct httpd_reply *reply, unsigned status, const char *sentence)
{
	struct json json = { .out = &reply->made };

	buf_fini(&reply->made);
	reply->body = (struct view){ 0 };
	reply->gzipped = reply->immutable = false;
	reply->file = NULL;
	reply->status = status;
	reply->mime = "application/json";
	json_object(&json);
	json_key(&json, "code"), json_text(&json, view_of(problem_code(status)));
	json_key(&json, "message"), json_text(&json, view_of(sentence));
	json_object_end(&json);
	buf_add_char(&reply->made, '\n');
}
