/*
 * otlpmessage: OpenTelemetry's ExportProfilesServiceRequest, as protobuf or as its JSON.
 *
 * Attributes of resource, scope and profile become labels, service.name that of the service; a
 * sample that names another service belongs to that one. Ticks of a CPU profiler (samples/count,
 * with a period of cpu/nanoseconds) become time, unless the sender has sent the time beside them.
 *
 * What is outside a limit by itself (its time, its labels, its depth) is left out and counted, and
 * the sender is told so in the answer; a message that makes no sense is refused as a whole.
 */
#ifndef INGEST_OTLPMESSAGE_H
#define INGEST_OTLPMESSAGE_H

#include "ingest/intake.h"

struct otlpmessage_rejected {
	uint64_t profiles;
	struct refusal first; /* why, of the first of them */
};

/* Fills the batch; ERR_USAGE with a refusal. If all profiles are rejected, that is one. */
int otlpmessage_proto(struct view message, const struct limits *limits, struct intake_batch *batch,
	struct otlpmessage_rejected *rejected, struct refusal *refusal);
int otlpmessage_json(struct view text, const struct limits *limits, struct intake_batch *batch,
	struct otlpmessage_rejected *rejected, struct refusal *refusal);

#endif
