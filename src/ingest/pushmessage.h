/*
 * pushmessage: push.v1.PushRequest, as protobuf or as its JSON.
 *
 *     series = 1 (repeated): labels = 1 (repeated: name = 1, value = 2),
 *                            samples = 2 (repeated: raw_profile = 1, ID = 2)
 *
 * Each raw profile is pprof, zipped or not. The labels __name__ and service_name are needed.
 */
#ifndef INGEST_PUSHMESSAGE_H
#define INGEST_PUSHMESSAGE_H

#include "ingest/intake.h"

/* Fills the batch; ERR_USAGE with a refusal. */
int pushmessage_proto(struct view message, const struct limits *limits, struct intake_batch *batch,
	struct refusal *refusal);
int pushmessage_json(struct view text, const struct limits *limits, struct intake_batch *batch,
	struct refusal *refusal);

#endif
