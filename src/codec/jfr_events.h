/*
 * jfr_events: which events of a recording become samples, of which kind of profile.
 */
#ifndef CODEC_JFR_EVENTS_H
#define CODEC_JFR_EVENTS_H

#include "codec/jfr_chunk.h"

enum jfr_profile { /* as Pyroscope divides them */
	JFR_CPU,
	JFR_WALL,
	JFR_IN_TLAB,
	JFR_OUTSIDE_TLAB,
	JFR_ALLOC,
	JFR_LOCK,
	JFR_PARK,
	JFR_LIVE,
	JFR_PROFILES
};

struct jfr_profile_kind {
	const char *name;                /* "process_cpu" */
	const char *types[2], *units[2]; /* the second may be NULL */
	const char *period_type, *period_unit;
};
extern const struct jfr_profile_kind jfr_events_kinds[JFR_PROFILES];

/* One event; `values` as its kind has them, ticks of CPU and wall in nanoseconds. */
struct jfr_event {
	enum jfr_profile profile;
	uint64_t stack, context; /* numbers of the chunk */
	int64_t values[2];
};

struct jfr_events_sink {
	/* What is not 0 ends the reading with it. */
	int (*take)(void *owner, const struct jfr_event *event, struct err *err);
	void *owner;
};

/* Of a chunk; `rate` of ticks if the chunk does not say how often it looked. *ret_period_ns is that
 * of its ticks. */
int jfr_events_read(struct jfr_chunk *chunk, double rate, const struct jfr_events_sink *sink,
	int64_t *ret_period_ns, struct err *err);

#endif
