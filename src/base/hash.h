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

#endif
