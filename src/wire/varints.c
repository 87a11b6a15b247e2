/* varints: a run of packed numbers, many at once. */
#include "wire/varints.h"

#include <endian.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64
#define NUMBER_MAX 4 /* bytes */

/* The build zeroes locals; these are filled anyway. */
#if __has_attribute(uninitialized)
#define UNSET __attribute__((uninitialized))
#else
#define UNSET
#endif

/* Bit i is the top bit of at[i]: the number goes on. */
static uint64_t goes_on(const uint8_t *at)
{
	uint64_t bits = 0;

#ifdef __SSE2__
	for (unsigned i = 0; i < BLOCK; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(at + i));

		bits |= (uint64_t)(uint16_t)_mm_movemask_epi8(bytes) << i;
	}
#else
	for (unsigned i = 0; i < BLOCK; i += 8) {
		uint64_t word;

		memcpy(&word, at + i, 8);
		word = le64toh(word) >> 7 & 0x0101010101010101ULL;
		bits |= (word * 0x0102040810204080ULL >> 56) << i;
	}
#endif
	return bits;
}

/* 1 to 4 groups of 7 bits, low first. */
static uint32_t number_of(const uint8_t *at, unsigned len)
{
	uint32_t word;

	memcpy(&word, at, 4);
	word = le32toh(word) & (0x7f7f7f7fU >> (8 * (NUMBER_MAX - len)));
	word = (word & 0x007f007fU) | ((word & 0x7f007f00U) >> 1);
	return (word & 0x3fffU) | ((word & 0x3fff0000U) >> 2);
}

/* Numbers of one or two bytes: each byte is joined with the one before, if that goes on, without
 * asking which of them end a number. */
static uint32_t *decode_short(const uint8_t *at, uint64_t ends, uint32_t *out)
{
	uint16_t joined[BLOCK + 1] UNSET;

	joined[0] = at[0];
	for (unsigned i = 1; i <= BLOCK; i++) {
		uint16_t low = at[i - 1], mask = (uint16_t) - (low >> 7), high = at[i];

		joined[i] = (uint16_t)((high + (high * 127 & mask)) | (low & 0x7f & mask));
	}
	for (; ends; ends &= ends - 1)
		*out++ = joined[__builtin_ctzll(ends)];
	return out;
}

static uint32_t *decode_any(const uint8_t *at, uint64_t ends, uint32_t *out)
{
	for (unsigned from = 0; ends; ends &= ends - 1) {
		unsigned end = (unsigned)__builtin_ctzll(ends) + 1;

		*out++ = number_of(at + from, end - from);
		from = end;
	}
	return out;
}

/* The numbers that end in the first `len` bytes of a block, which begins with a number and has
 * NUMBER_MAX readable bytes behind it. Returns the bytes used; 0 if a number is too long. */
static size_t decode_block(const uint8_t *at, size_t len, uint32_t **out)
{
	uint64_t mine = ~0ULL >> (BLOCK - len), more = goes_on(at) & mine, ends = ~more & mine;

	if (ends == 0 || more & more >> 1 & more >> 2 & more >> 3)
		return 0;
	if (more & more >> 1)
		*out = decode_any(at, ends, *out);
	else
		*out = decode_short(at, ends, *out);
	return BLOCK - (size_t)__builtin_clzll(ends);
}

bool varints_decode(struct view run, const void *readable, uint32_t *out, size_t *ret_n)
{
	const uint8_t *at = (const uint8_t *)run.at, *end = (const uint8_t *)view_end(run);
	uint32_t *to = out;

	while (at < end) {
		size_t left = (size_t)(end - at), len = left < BLOCK ? left : BLOCK, used;

		if ((size_t)((const uint8_t *)readable - at) >= BLOCK + NUMBER_MAX) {
			used = decode_block(at, len, &to);
		} else {
			uint8_t copy[BLOCK + NUMBER_MAX] = { 0 };

			memcpy(copy, at, len);
			used = decode_block(copy, len, &to);
		}
		if (used == 0)
			return false;
		at += used;
	}
	*ret_n = (size_t)(to - out);
	return true;
}
