/* heap_snapshot: what is known of the heap now, as a profile with names. */
#ifndef INPROC_HEAP_SNAPSHOT_H
#define INPROC_HEAP_SNAPSHOT_H

#include "inproc/heap_sites.h"

/* Fills `into`, which is empty. The value type that viewers show first is `default_type`. What lost
 * samples stood for is a stack of its own, of what was allocated; how much of that is still live
 * nobody knows. */
int heap_snapshot_fill(struct profile *into, const struct heap_sites *sites,
	const char *default_type, int64_t began_ns, struct err *err);

#endif
