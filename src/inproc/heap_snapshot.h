/* heap_snapshot: what is known of the heap now, as a profile with names. */
#ifndef INPROC_HEAP_SNAPSHOT_H
#define INPROC_HEAP_SNAPSHOT_H

#include "inproc/heap_sites.h"

/* Fills `into`, which is empty. The one value type that viewers show first is `default_type`. */
int heap_snapshot_fill(struct profile *into, const struct heap_sites *sites,
	const char *default_type, int64_t began_ns, struct err *err);

#endif
