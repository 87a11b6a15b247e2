/* codepoint: names as people and terminals see them, character by character. */
#include "render/codepoint.h"

#include "wire/utf8.h"

#define REPLACEMENT 0xfffd

static uint32_t decode(const char *at, size_t n)
{
	uint32_t c = (uint8_t)at[0];

	if (n == 1)
		return c;
	c &= 0xff >> (n + 1);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((uint8_t)at[i] & 0x3f);
	return c;
}

uint32_t codepoint_take(struct view *text)
{
	size_t n = utf8_sequence(*text);
	uint32_t c = n ? decode(text->at, n) : REPLACEMENT;

	n += n == 0;
	*text = view_between(text->at + n, view_end(*text));
	return c;
}

uint32_t codepoint_take_last(struct view *text)
{
	for (size_t n = 1; n <= 4 && n <= text->len; n++) {
		struct view last = { view_end(*text) - n, n };

		if (utf8_sequence(last) == n) {
			text->len -= n;
			return decode(last.at, n);
		}
	}
	text->len--;
	return REPLACEMENT;
}

size_t codepoint_count(struct view text)
{
	size_t n = 0;

	for (; text.len; n++)
		codepoint_take(&text);
	return n;
}

/* Marks of direction, line separators, fillers that show as nothing, non-characters. Joiners are
 * part of ordinary text in many scripts. */
static bool acts(uint32_t c)
{
	return (c >= 0x80 && c < 0xa0) || c == 0x61c || c == 0xad || c == 0x200b || c == 0x200e ||
	       c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

static bool is_plain(char c)
{
	return c >= ' ' && c < 0x7f;
}

void codepoint_add_inert(struct buf *out, struct view text)
{
	while (text.len) {
		size_t plain = 0;
		uint32_t c;

		while (plain < text.len && is_plain(text.at[plain]))
			plain++;
		buf_add(out, text.at, plain);
		text = view_between(text.at + plain, view_end(text));
		if (text.len == 0)
			return;
		c = codepoint_take(&text);
		if (c < ' ')
			utf8_put(out, 0x2400 + c);
		else if (c == 0x7f)
			utf8_put(out, 0x2421);
		else if (acts(c))
			buf_add_format(out, "<U+%04X>", c);
		else
			utf8_put(out, c);
	}
}

struct range {
	uint32_t first, last;
};

static bool is_in(uint32_t c, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

unsigned codepoint_columns(uint32_t codepoint)
{
	static const struct range marks[] = { { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
		{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f } };
	static const struct range wide[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e },
		{ 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff },
		{ 0x20000, 0x3fffd } };

	if (codepoint < 0x300)
		return 1;
	if (is_in(codepoint, marks, sizeof(marks) / sizeof(*marks)))
		return 0;
	return is_in(codepoint, wide, sizeof(wide) / sizeof(*wide)) ? 2 : 1;
}
