/* hash: XXH3 of bytes, and a mixer for integer keys. */
#include "base/hash.h"

#include <sys/random.h>

#include "base/clock.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_secret[2] = { 0x9e3779b97f4a7c15ULL, 0xd1342543de82ef95ULL };

#ifndef FUZZING
/* Before main, so that no table can see it change. Early in boot there may be no randomness yet:
 * the clock is then better than nothing. */
__attribute__((constructor)) static void draw_secret(void)
{
	if (getrandom(hash_secret, sizeof(hash_secret), GRND_NONBLOCK) != sizeof(hash_secret))
		hash_secret[0] ^= clock_monotonic_ns();
	hash_secret[1] |= 1;
}
#endif

uint64_t hash_keyed_view(struct view v)
{
	return XXH3_64bits_withSeed(v.at, v.len, hash_secret[0]);
}

uint64_t hash_view(struct view v)
{
	return XXH3_64bits(v.at, v.len);
}

struct hash128 hash128_view(struct view v)
{
	XXH128_hash_t hash = XXH3_128bits(v.at, v.len);

	return (struct hash128){ hash.low64, hash.high64 };
}
