/*
 * sig_poisson: sampling bytes so that every byte has the same chance.
 *
 * The gaps between sampled bytes are exponential with the mean that is asked for, so an allocation
 * of S bytes is sampled with probability 1 - exp(-S / mean), whatever came before it. One that is
 * sampled stands for 1 / that many of its kind: sums of these weights are unbiased estimates of
 * objects, and times S of bytes. Async-signal-safe; needs no libm.
 */
#ifndef INPROC_SIG_POISSON_H
#define INPROC_SIG_POISSON_H

#include <stdint.h>

#define SIG_POISSON_ONE 65536 /* weights are in units of 1/65536 */

/* Bytes to pass until the next one that is sampled; advances *random, which is not 0. */
int64_t sig_poisson_gap(uint64_t *random, uint64_t mean);

/* How many allocations of that size a sampled one stands for, times SIG_POISSON_ONE; and how many
 * bytes. `size` is at least 1. */
int64_t sig_poisson_objects(uint64_t size, uint64_t mean);
int64_t sig_poisson_bytes(uint64_t size, uint64_t mean);

#endif
