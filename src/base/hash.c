/* hash: XXH3 of bytes, and a mixer for integer keys. */
#include "base/hash.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_secret[2] = { 0x9e3779b97f4a7c15ULL, 0xd1342543de82ef95ULL };

#ifndef FUZZING
/* Before main, and before all constructors that have no number, so that no table can see it
 * change: libflyover begins its work in one of those. Early in boot there may be no randomness
 * yet: the clock is then better than nothing. */
__attribute__((constructor(101))) static void draw_secret(void)
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

struct hash_stream {
	XXH3_state_t state; /* aligned to 64 bytes */
};

struct hash_stream *hash_stream_new(void)
{
	struct hash_stream *stream = aligned_alloc(64, sizeof(*stream));

	if (stream)
		XXH3_64bits_reset(&stream->state);
	return stream;
}

void hash_stream_add(struct hash_stream *stream, struct view v)
{
	if (stream)
		XXH3_64bits_update(&stream->state, v.at, v.len);
}

uint64_t hash_stream_end(struct hash_stream *stream)
{
	uint64_t hash = stream ? XXH3_64bits_digest(&stream->state) : 0;

	free(stream);
	return hash;
}
