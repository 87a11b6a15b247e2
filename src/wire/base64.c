/* base64: bytes as text. */
#include "wire/base64.h"

static int digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(struct view text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t k = 0; k < 2 && text.len && text.at[text.len - 1] == '='; k++)
		text.len--;
	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = digit_of(text.at[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_add_char(out, (char)(bits >> n));
		}
	}
	return true;
}

void base64_encode(struct view bytes, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	const unsigned char *in = (const unsigned char *)bytes.at;
	char *room = buf_reserve(out, (bytes.len + 2) / 3 * 4);

	if (!room)
		return;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t bits = (uint32_t)in[i] << 16 | (uint32_t)(n > 1 ? in[i + 1] : 0) << 8 |
				(n > 2 ? in[i + 2] : 0);

		for (size_t d = 0; d < 4; d++)
			*room++ = d <= n ? digits[bits >> (18 - 6 * d) & 63] : '=';
	}
	out->len += (bytes.len + 2) / 3 * 4;
}
