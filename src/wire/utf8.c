/* utf8: is it, and where not. */
#include "wire/utf8.h"

#include <stdbool.h>

static bool in_range(uint8_t byte, uint8_t low, uint8_t high)
{
	return byte >= low && byte <= high;
}

size_t utf8_sequence(struct view text)
{
	const uint8_t *at = (const uint8_t *)text.at;
	uint8_t low = 0x80, high = 0xbf; /* what the second byte may be */
	size_t len;

	if (text.len == 0)
		return 0;
	if (at[0] < 0x80)
		return 1;
	if (in_range(at[0], 0xc2, 0xdf))
		len = 2;
	else if (in_range(at[0], 0xe0, 0xef))
		len = 3;
	else if (in_range(at[0], 0xf0, 0xf4))
		len = 4;
	else
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (text.len < len || !in_range(at[1], low, high))
		return 0;
	for (size_t i = 2; i < len; i++)
		if (!in_range(at[i], 0x80, 0xbf))
			return 0;
	return len;
}

void utf8_put(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_add_char(out, (char)c);
	} else if (c < 0x800) {
		buf_add_char(out, (char)(0xc0 | c >> 6));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	} else if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
		buf_add_text(out, UTF8_REPLACEMENT);
	} else if (c < 0x10000) {
		buf_add_char(out, (char)(0xe0 | c >> 12));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_add_char(out, (char)(0xf0 | c >> 18));
		buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(out, (char)(0x80 | (c & 0x3f)));
	}
}
