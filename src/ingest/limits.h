/*
 * limits: how much a tenant may send. Each limit has a name, which is in the sentence of who meets
 * it, in the help, and in the configuration.
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct limits {
	uint64_t body_bytes;     /* of a request, as sent */
	uint64_t unpacked_bytes; /* of a profile */
	uint64_t unpack_ratio;   /* unpacked to packed, past the first MiB */
	uint64_t samples, depth, frames, strings, locations; /* of a profile */
	uint64_t profile_series; /* that the labels of one profile's samples may make */
	uint64_t profiles;       /* of a request */
	uint64_t labels, label_name_bytes, label_value_bytes; /* of a series */
	uint64_t series;                                      /* of a tenant, in the last hour */
	uint64_t rate_bytes, burst_bytes;                     /* of a tenant, unpacked, a second */
	uint64_t age_seconds, ahead_seconds;                  /* of a profile's time */
	uint64_t tenants;
};

struct limit {
	const char *name; /* "samples"; the setting is limits.samples */
	size_t offset;
	uint64_t standard, min, max;
	const char *help;
};

extern const struct limit limits_all[]; /* ends with a nameless one */

void limits_defaults(struct limits *limits);

/* "samples=100000". ERR_USAGE with a sentence. */
int limits_set(struct limits *limits, const char *text, struct err *err);

#endif
