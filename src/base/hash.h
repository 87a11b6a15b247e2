/* hash: XXH3 of bytes, and a mixer for integer keys. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/view.h"

struct hash128 {
	uint64_t low, high;
};

uint64_t hash_view(struct view v);
struct hash128 hash128_view(struct view v);

/* hash_view of bytes that come one after another. */
struct hash_stream;
struct hash_stream *hash_stream_new(void); /* NULL without memory */
void hash_stream_add(struct hash_stream *stream, struct view v);
uint64_t hash_stream_end(struct hash_stream *stream); /* frees it; 0 of NULL */

/* Every bit of the key reaches every bit of the result (the finalizer of MurmurHash3). */
static inline uint64_t hash_u64(uint64_t key)
{
	key ^= key >> 33;
	key *= 0xff51afd7ed558ccdULL;
	key ^= key >> 33;
	key *= 0xc4ceb9fe1a85ec53ULL;
	key ^= key >> 33;
	return key;
}

static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
	return hash_u64(a * 0x9e3779b97f4a7c15ULL + hash_u64(b));
}

/*
 * For tables whose keys are chosen by strangers: keyed with a secret that each process draws anew,
 * so that nobody can prepare keys that all fall into one place. Nothing that is written or shown
 * may depend on these; nor on the order of a table.
 */
extern uint64_t hash_secret[2];

uint64_t hash_keyed_view(struct view v);

/* Both halves of the product: every bit of either reaches most bits of the result. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 wide = (unsigned __int128)a * b;

	return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

static inline uint64_t hash_keyed(uint64_t key)
{
	return hash_u64(hash_fold(key ^ hash_secret[0], hash_secret[1]));
}

/* Two products instead of two whole mixers: it runs several times for each frame of a profile. What
 * is multiplied is never known to who chose a and b. */
static inline uint64_t hash_keyed_pair(uint64_t a, uint64_t b)
{
	uint64_t first = hash_fold(a ^ hash_secret[0], hash_secret[1]);

	return hash_fold(first ^ b, hash_secret[0] | 1);
}

#endif
