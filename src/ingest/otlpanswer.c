/* otlpanswer: what OTLP's senders hear. */
#include "ingest/otlpanswer.h"

#include "wire/json.h"
#include "wire/proto.h"

#define RETRY_INFO "type.googleapis.com/google.rpc.RetryInfo"

enum otlpanswer_code otlpanswer_code(unsigned http_status)
{
	switch (http_status) {
	case 401:
		return OTLPANSWER_UNAUTHENTICATED;
	case 403:
		return OTLPANSWER_PERMISSION_DENIED;
	case 404:
		return OTLPANSWER_NOT_FOUND;
	case 413:
	case 429:
		return OTLPANSWER_RESOURCE_EXHAUSTED;
	case 415:
	case 501:
		return OTLPANSWER_UNIMPLEMENTED;
	case 503:
		return OTLPANSWER_UNAVAILABLE;
	default:
		return http_status < 500 ? OTLPANSWER_INVALID_ARGUMENT : OTLPANSWER_INTERNAL;
	}
}

static void response_json(const struct otlpmessage_rejected *rejected, struct buf *out)
{
	struct json json = { .out = out };

	json_object(&json);
	if (rejected->profiles) {
		json_key(&json, "partialSuccess"), json_object(&json);
		buf_add_format(out, "\"rejectedProfiles\":\"%llu\",",
			(unsigned long long)rejected->profiles);
		json_key(&json, "errorMessage");
		json_text(&json, view_of(rejected->first.text));
		json_object_end(&json);
	}
	json_object_end(&json);
}

void otlpanswer_response(const struct otlpmessage_rejected *rejected, bool json, struct buf *out)
{
	size_t begun;

	if (json) {
		response_json(rejected, out);
	} else if (rejected->profiles) {
		begun = proto_begin(out, 1);
		proto_put_number(out, 1, rejected->profiles);
		proto_put_bytes(out, 2, view_of(rejected->first.text));
		proto_end(out, begun);
	}
}

static void put_retry_info(unsigned after_s, struct buf *out)
{
	size_t any = proto_begin(out, 3), info, delay;

	proto_put_bytes(out, 1, VIEW(RETRY_INFO));
	info = proto_begin(out, 2);
	delay = proto_begin(out, 1);
	proto_put_number(out, 1, after_s);
	proto_end(out, delay);
	proto_end(out, info);
	proto_end(out, any);
}

void otlpanswer_status(const struct refusal *refusal, bool json, struct buf *out)
{
	struct json text = { .out = out };
	enum otlpanswer_code code = otlpanswer_code(refusal->status);

	if (json) {
		json_object(&text);
		json_key(&text, "code"), json_i64(&text, code);
		json_key(&text, "message"), json_text(&text, view_of(refusal->text));
		json_object_end(&text);
		return;
	}
	proto_put_number(out, 1, code);
	proto_put_bytes(out, 2, view_of(refusal->text));
	if (refusal->retry_after_s)
		put_retry_info(refusal->retry_after_s, out);
}
