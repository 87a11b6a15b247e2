/*
 * ways_in_otlp: OpenTelemetry's profiles over HTTP.
 *
 *     POST /v1development/profiles     protobuf or JSON (ingest/otlpmessage.h)
 *
 * Answers and refusals are OTLP's own messages, in the form of the request (ingest/otlpanswer.h).
 */
#ifndef SERVER_WAYS_IN_OTLP_H
#define SERVER_WAYS_IN_OTLP_H

#include "server/payload.h"
#include "server/ways_in.h"

struct ways_in_otlp { /* borrowed; outlives its table */
	struct ways_in *ways;
	struct intake *intake;
};

struct router_table ways_in_otlp_table(struct ways_in_otlp *owner);

/* One message, whichever way it came. */
struct ways_in_otlp_message {
	struct payload payload;
	bool json;
	struct intake_batch batch; /* owned by the caller, as … */
	struct buf answer;         /* … is the response, if all goes well */
};

/* Fills the batch and the answer; ERR_USAGE with a refusal. */
int ways_in_otlp_read(
	struct ways_in_otlp_message *message, const struct limits *limits, struct refusal *refusal);

#endif
