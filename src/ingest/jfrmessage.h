/*
 * jfrmessage: a recording of Java's Flight Recorder, on its way to be several profiles.
 */
#ifndef INGEST_JFRMESSAGE_H
#define INGEST_JFRMESSAGE_H

#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/unpack.h"

struct jfrmessage {
	struct view recording,
		labels;             /* zipped or not; the labels may be "" (codec/jfr_labels.h) */
	double rate;                /* of its ticks, if it does not say */
	struct readroom_seat *seat; /* NULL = without a bound */
};

struct jfrmessage_sink {
	/* One profile of a name, "process_cpu"; unpacked->profile is taken, whatever is returned.
	 */
	int (*take)(
		void *owner, struct view name, struct unpacked *unpacked, struct refusal *refusal);
	void *owner;
};

/* The bytes of the whole count with the first profile. ERR_USAGE with a refusal. */
int jfrmessage_read(const struct jfrmessage *message, const struct limits *limits,
	const struct jfrmessage_sink *sink, struct refusal *refusal);

#endif
