/*
 * synthetic: a profile like a busy Go server's, of any size and the same each time.
 *
 * A random program: each function calls a few others, one of them most of the time. A sample
 * is a walk through it below a handful of common entry frames, in no order, with two labels.
 */
#ifndef BENCH_SYNTHETIC_H
#define BENCH_SYNTHETIC_H

#include <stddef.h>
#include <stdint.h>

struct profile;

struct synthetic {
	size_t samples; /* walks; equal ones become one sample */
	uint32_t functions;
	unsigned depth_min, depth_max;
	unsigned label_values; /* of either label; 0 = no labels */
};

/* NULL without memory. Owned by the caller. */
struct profile *synthetic_profile(const struct synthetic *options);

#endif
