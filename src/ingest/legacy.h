/*
 * legacy: a request to Pyroscope's /ingest, as its clients have sent them over the years.
 *
 * `format` decides first, then the content type; what is neither is a text of folded stacks. The
 * words behind the last dot of the application's name say what kind of profile a text is.
 */
#ifndef INGEST_LEGACY_H
#define INGEST_LEGACY_H

#include "ingest/intake.h"

struct legacy_request { /* all borrowed; empty = not given */
	struct view name, from, until, format, sample_rate, spy, units;
	struct view content_type, body;
	struct view key; /* two requests with the same are the same */
	int64_t now_ns;
};

/* Fills the batch; ERR_USAGE with a refusal. */
int legacy_read(const struct legacy_request *request, const struct limits *limits,
	struct intake_batch *batch, struct refusal *refusal);

#endif
