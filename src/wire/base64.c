/* base64: text to bytes (RFC 4648), either alphabet, with or without padding. */
#include "wire/base64.h"

static int value_of(char c)
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
	unsigned n_bits = 0;
	char *at;
	size_t made = 0;

	if (text.len % 4 == 0 && view_ends(text, VIEW("=")))
		text.len -= view_ends(text, VIEW("==")) ? 2 : 1;
	if (text.len % 4 == 1)
		return false;
	at = buf_reserve(out, text.len / 4 * 3 + 3);
	if (!at)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.at[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			at[made++] = (char)(bits >> n_bits);
		}
	}
	out->len += made;
	return (bits & ((1u << n_bits) - 1)) == 0;
}
