/*
 * heap_profile: what this process has allocated, and what of it is still live, by samples.
 *
 * Kept from start to stop; any number of snapshots in between. The estimates are sums of what each
 * sample stands for (see sig_poisson), never of averages. At most 2^20 sampled objects can be live
 * at once; others are counted in the profile. Everything here runs on the engine's thread.
 */
#ifndef INPROC_HEAP_PROFILE_H
#define INPROC_HEAP_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "inproc/engine.h"
#include "inproc/kind.h"

#define HEAP_PROFILE_RATE (512 << 10)
#define HEAP_PROFILE_RATE_MAX (1 << 30)

/* `rate`: bytes from sample to sample in the mean, 0 = HEAP_PROFILE_RATE. ERR_LIMIT if one is kept
 * already; ERR_UNSUPPORTED if a sanitizer, or the program itself, has the functions we would need.
 */
int heap_profile_start(uint64_t rate, struct err *err);
void heap_profile_stop(void);
bool heap_profile_running(void);

extern const struct engine_part heap_profile_part;
extern const struct kind heap_profile_heap, heap_profile_allocs;

#endif
