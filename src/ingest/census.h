/*
 * census: how much a profile's bytes would become, counted before memory is taken for it.
 *
 * A byte may become many: two of a text are a frame, and one of a packed list. What is wrong with
 * the bytes is not looked at here: the decoders find it.
 */
#ifndef INGEST_CENSUS_H
#define INGEST_CENSUS_H

#include "base/view.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"

struct census {
	uint64_t frames, entries; /* of all stacks; of all tables, with the samples */
};

/* Of a pprof message: samples, frames, and the entries of each table. ERR_USAGE with a refusal. */
int census_pprof(struct view message, const struct limits *limits, struct census *ret,
	struct refusal *refusal);

/* Of an OTLP message: all samples of all profiles, what their stacks hold, and each table. */
int census_otlp(struct view message, const struct limits *limits, struct census *ret,
	struct refusal *refusal);

/* Of folded stacks, lines, or speedscope's JSON: no more frames than the limit. */
int census_text(
	struct view text, const struct limits *limits, struct census *ret, struct refusal *refusal);

#endif
