/* crc32c: the checksum of Castagnoli's polynomial. */
#include "base/crc32c.h"

#define POLYNOMIAL 0x82f63b78u /* its bits reversed */

static uint32_t add_slowly(uint32_t crc, struct view bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (uint8_t)bytes.at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	}
	return crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t add_fast(uint32_t crc, struct view bytes)
{
	uint64_t wide = crc, word;

	for (; bytes.len >= 8; bytes.at += 8, bytes.len -= 8) {
		memcpy(&word, bytes.at, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	return add_slowly((uint32_t)wide, bytes);
}
#endif

uint32_t crc32c_add(uint32_t crc, struct view bytes)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return ~add_fast(~crc, bytes);
#endif
	return ~add_slowly(~crc, bytes);
}
