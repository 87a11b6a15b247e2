/* block_format: what the writer and the reader of blocks have in common. docs/formats/store.md */
#ifndef STORE_BLOCK_FORMAT_H
#define STORE_BLOCK_FORMAT_H

#include "base/hash.h"

#define BLOCK_HAS_DETAIL 1 /* flags */
#define BLOCK_IS_ROLLED 2

/* A Bloom filter of 10 bits for each key, 7 of which the key sets. */
#define BLOCK_BLOOM_BITS 10
#define BLOCK_BLOOM_PROBES 7

static inline uint64_t block_bloom_bit(uint64_t hash, unsigned probe, size_t len)
{
	return ((uint32_t)hash + probe * (uint64_t)(uint32_t)(hash >> 32)) % (len * 8);
}

static inline void block_bloom_set(uint8_t *bits, size_t len, const void *id, size_t size)
{
	uint64_t hash = hash_view((struct view){ (const char *)id, size });

	for (unsigned i = 0; len > 0 && i < BLOCK_BLOOM_PROBES; i++) {
		uint64_t bit = block_bloom_bit(hash, i, len);

		bits[bit / 8] |= (uint8_t)(1 << bit % 8);
	}
}

#endif
