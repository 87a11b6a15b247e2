/*
 * parcel: the profiles of one window, packed as one request: push.v1.PushRequest of Pyroscope's
 * PusherService, series = 1 {labels = 1 {name = 1, value = 2}, samples = 2 {raw_profile = 1,
 * ID = 2}}. Each profile is zipped pprof, with an id of its own, so that sending it twice is the
 * same as once.
 */
#ifndef AGENT_PARCEL_H
#define AGENT_PARCEL_H

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"

struct parcel_label {
	const char *name;
	struct view value; /* "" leaves the label out */
};

struct parcel_series {
	const char *name; /* of the profile: process_cpu, capture, … */
	const struct parcel_label *labels;
	size_t n;
};

/* Adds a profile to the request that `out` becomes. */
int parcel_add(struct buf *out, const struct parcel_series *series, const struct profile *profile,
	struct err *err);

#endif
