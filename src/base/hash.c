/* hash: XXH3 of bytes, and a mixer for integer keys. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_view(struct view v)
{
	return XXH3_64bits(v.at, v.len);
}

struct hash128 hash128_view(struct view v)
{
	XXH128_hash_t hash = XXH3_128bits(v.at, v.len);

	return (struct hash128){ hash.low64, hash.high64 };
}
