/*
 * profilekind: what kind of profile something is, and what its name and types are called.
 *
 * Names are Pyroscope's, so that its type ids hold here too: process_cpu:cpu:nanoseconds:cpu:
 * nanoseconds is the name, the sample type and its unit, the period's type and its unit.
 */
#ifndef INGEST_PROFILEKIND_H
#define INGEST_PROFILEKIND_H

#include <stdbool.h>

#include "base/view.h"

struct profile;

struct profilekind {
	const char *suffix; /* of an application's name: "cpu" of "shop.cpu" */
	const char *name, *type, *unit, *period_type, *period_unit;
	bool counts_ticks; /* values are counts of so many times a second: they become time */
};

/* NULL if the text is no such suffix. */
const struct profilekind *profilekind_of_suffix(struct view suffix);

/* Of the `units` that a client said: "samples", "bytes", "objects", "lock_nanoseconds", … */
const struct profilekind *profilekind_of_units(struct view units);

/* Gives the profile's only sample type the kind's name; `rate` is ticks a second. */
void profilekind_apply(const struct profilekind *kind, double rate, struct profile *profile);

/* The name for a pprof profile, by its sample types: "process_cpu", "memory", … */
struct view profilekind_name(const struct profile *profile);

#endif
