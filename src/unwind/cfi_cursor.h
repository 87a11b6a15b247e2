/* cfi_cursor: reads DWARF's numbers from bytes that may end at any time.
 *
 * After the first read past the end `failed` stays set and every read gives 0: check once. */
#ifndef UNWIND_CFI_CURSOR_H
#define UNWIND_CFI_CURSOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/view.h"

struct cfi_cursor {
	const uint8_t *at, *end;
	bool failed;
};

static inline struct cfi_cursor cfi_cursor(struct view bytes)
{
	const uint8_t *at = (const uint8_t *)bytes.at;

	return (struct cfi_cursor){ at, at + bytes.len, false };
}

static inline size_t cfi_left(const struct cfi_cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next `len` bytes; empty on failure. */
static inline struct view cfi_bytes(struct cfi_cursor *c, uint64_t len)
{
	struct view bytes = { (const char *)c->at, len };

	if (len > cfi_left(c)) {
		c->failed = true;
		c->at = c->end;
		return (struct view){ (const char *)c->at, 0 };
	}
	c->at += len;
	return bytes;
}

/* A little-endian number of 1, 2, 4 or 8 bytes. */
static inline uint64_t cfi_fixed(struct cfi_cursor *c, unsigned size)
{
	uint64_t value = 0;

	if (size > cfi_left(c)) {
		c->failed = true;
		c->at = c->end;
		return 0;
	}
	memcpy(&value, c->at, size);
	c->at += size;
	return value;
}

static inline uint8_t cfi_u8(struct cfi_cursor *c)
{
	if (c->at == c->end) {
		c->failed = true;
		return 0;
	}
	return *c->at++;
}

/* Bits past the 64th are dropped; ten bytes are the most. */
static inline uint64_t cfi_leb(struct cfi_cursor *c, bool is_signed)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 70; shift += 7) {
		uint8_t byte = cfi_u8(c);

		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (is_signed && byte & 0x40 && shift + 7 < 64)
			value |= ~(uint64_t)0 << (shift + 7);
		return value;
	}
	c->failed = true;
	return 0;
}

static inline uint64_t cfi_uleb(struct cfi_cursor *c)
{
	return cfi_leb(c, false);
}

static inline int64_t cfi_sleb(struct cfi_cursor *c)
{
	return (int64_t)cfi_leb(c, true);
}

#endif
