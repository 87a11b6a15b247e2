/* ways_in_otlp: OpenTelemetry's profiles over HTTP. */
#include "server/ways_in_otlp.h"

#include "ingest/otlpanswer.h"
#include "ingest/otlpmessage.h"

#define PROTOBUF "application/x-protobuf"
#define JSON "application/json"

static void word(const struct refusal *refusal, bool json, struct httpd_reply *reply)
{
	buf_clear(&reply->made);
	reply->body = (struct view){ 0 };
	reply->mime = json ? JSON : PROTOBUF;
	otlpanswer_status(refusal, json, &reply->made);
}

static void word_protobuf(const struct refusal *refusal, struct httpd_reply *reply)
{
	word(refusal, false, reply);
}

static void word_json(const struct refusal *refusal, struct httpd_reply *reply)
{
	word(refusal, true, reply);
}

int ways_in_otlp_read(
	struct ways_in_otlp_message *message, const struct limits *limits, struct refusal *refusal)
{
	struct payload_limits unpack = { limits->unpacked_bytes, limits->unpack_ratio,
		"limits.unpacked_bytes or limits.unpack_ratio" };
	struct otlpmessage_rejected rejected = { 0 };
	BUF_AUTO room = { 0 };
	struct view body;
	int rc = payload_unpack(&message->payload, &unpack, &room, &body, refusal);

	if (rc == 0)
		rc = (message->json ? otlpmessage_json : otlpmessage_proto)(
			body, limits, &message->batch, &rejected, refusal);
	if (rc == 0)
		otlpanswer_response(&rejected, message->json, &message->answer);
	return rc;
}

static void export(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct ways_in_otlp *otlp = owner;
	const char *header = httpd_header(call->http, "Content-Type");
	struct view type = view_of(header ? header : "");
	struct ways_in_otlp_message message = {
		.payload = { call->http->body, httpd_header(call->http, "Content-Encoding") },
		.json = view_starts(type, VIEW(JSON)),
		.batch.seat.room = intake_room(otlp->intake)
	};
	struct ways_in_answer answer = { .mime = message.json ? JSON : PROTOBUF,
		.word = message.json ? word_json : word_protobuf };
	struct refusal refusal = { 0 };
	int rc;

	if (message.json || view_starts(type, VIEW(PROTOBUF)) ||
		view_starts(type, VIEW("application/protobuf")))
		rc = ways_in_otlp_read(&message, intake_limits(otlp->intake), &refusal);
	else
		rc = refusal_set(&refusal, 415,
			"OTLP comes as " PROTOBUF " or " JSON ": Content-Type says which");
	if (rc == 0) {
		answer.made = message.answer;
		ways_in_take(otlp->ways, call, &message.batch, &answer, reply);
	} else {
		ways_in_refuse(otlp->ways, call, &refusal, reply);
		answer.word(&refusal, reply);
	}
	intake_batch_fini(&message.batch);
}

static const struct route routes[] = {
	{ "POST", "/v1development/profiles", export, SCOPE_INGEST, LANE_INGEST },
};

struct router_table ways_in_otlp_table(struct ways_in_otlp *owner)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), owner };
}
