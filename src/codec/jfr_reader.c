/* jfr_reader: numbers and texts of a chunk, read in place. */
#include "codec/jfr_reader.h"

#include <string.h>

enum text_kind { TEXT_NONE, TEXT_EMPTY, TEXT_POOLED, TEXT_UTF8, TEXT_UTF16, TEXT_LATIN1 };

#define NUMBER_BYTES_MAX 9
#define UTF8_MAX 3 /* bytes of a UTF-16 unit */
#define STEPS_OF_BYTE 4

static bool fail(struct jfr_reader *in, const char *why)
{
	if (!in->wrong)
		in->wrong = why;
	return false;
}

bool jfr_reader_step(struct jfr_reader *in)
{
	if (!in->steps)
		return fail(in, "types that are nested so deep that they never end");
	in->steps--;
	return !in->wrong;
}

bool jfr_reader_skip(struct jfr_reader *in, uint64_t bytes)
{
	if (in->wrong || bytes > (uint64_t)(in->end - in->at))
		return fail(in, "a value runs past the end");
	in->at += bytes;
	return true;
}

static bool read_fixed(struct jfr_reader *in, unsigned size, uint64_t *ret)
{
	uint64_t number = 0;

	if (!jfr_reader_skip(in, size))
		return false;
	for (unsigned i = size; i > 0; i--)
		number = number << 8 | in->at[-(long)i];
	*ret = number;
	return true;
}

bool jfr_reader_number(struct jfr_reader *in, unsigned size, uint64_t *ret)
{
	uint64_t number = 0;

	if (in->is_fixed)
		return read_fixed(in, size, ret);
	for (unsigned i = 0; i < NUMBER_BYTES_MAX && !in->wrong; i++) {
		uint8_t byte;

		if (in->at == in->end)
			return fail(in, "a number runs past the end");
		byte = *in->at++;
		if (i == NUMBER_BYTES_MAX - 1) {
			number |= (uint64_t)byte << 56;
			break;
		}
		number |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80)
			break;
	}
	*ret = number;
	return !in->wrong;
}

/* Memory is paid in steps, so that a text that is asked for again and again has its bound. */
static char *take(struct jfr_reader *in, struct arena *arena, uint64_t len)
{
	char *text;

	if (len > in->steps / STEPS_OF_BYTE) {
		fail(in, "texts that are named so often that they never end");
		return NULL;
	}
	in->steps -= len * STEPS_OF_BYTE;
	text = arena_alloc(arena, len + 1);
	if (!text)
		fail(in, "out of memory");
	return text;
}

static char *put_unit(char *at, uint32_t unit)
{
	if (unit < 0x80) {
		*at++ = (char)unit;
	} else if (unit < 0x800) {
		*at++ = (char)(0xc0 | unit >> 6);
		*at++ = (char)(0x80 | (unit & 0x3f));
	} else {
		*at++ = (char)(0xe0 | (unit >> 12 & 0xf));
		*at++ = (char)(0x80 | (unit >> 6 & 0x3f));
		*at++ = (char)(0x80 | (unit & 0x3f));
	}
	return at;
}

static bool read_utf16(struct jfr_reader *in, uint64_t units, struct arena *arena, struct view *ret)
{
	char *text, *at;
	uint64_t unit;

	if (units > (uint64_t)(in->end - in->at))
		return fail(in, "a text runs past the end");
	text = at = take(in, arena, units * UTF8_MAX);
	for (uint64_t i = 0; text && i < units; i++) {
		if (!jfr_reader_number(in, sizeof(uint16_t), &unit))
			return false;
		at = put_unit(at, (uint16_t)unit);
	}
	*ret = (struct view){ text, text ? (size_t)(at - text) : 0 };
	return text;
}

static bool is_ascii(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.at[i] >= 0x80)
			return false;
	return true;
}

static bool read_bytes(
	struct jfr_reader *in, uint64_t len, bool is_latin1, struct arena *arena, struct view *ret)
{
	char *text, *at;

	if (!jfr_reader_skip(in, len))
		return false;
	*ret = (struct view){ (const char *)in->at - len, (size_t)len };
	if (!is_latin1 || is_ascii(*ret))
		return true;
	text = at = take(in, arena, len * 2);
	for (size_t i = 0; text && i < len; i++)
		at = put_unit(at, (uint8_t)ret->at[i]);
	*ret = (struct view){ text, text ? (size_t)(at - text) : 0 };
	return text;
}

bool jfr_reader_text(struct jfr_reader *in, struct arena *arena, struct jfr_text *ret)
{
	uint8_t kind;
	uint64_t len;

	*ret = (struct jfr_text){ .text = VIEW("") };
	if (!jfr_reader_step(in) || !jfr_reader_skip(in, 1))
		return false;
	kind = in->at[-1];
	if (kind == TEXT_NONE || kind == TEXT_EMPTY)
		return true;
	if (kind > TEXT_LATIN1)
		return fail(in, "a text of an unknown kind");
	if (kind == TEXT_POOLED) {
		ret->is_pooled = true;
		return jfr_reader_number(in, sizeof(uint64_t), &ret->number);
	}
	if (!jfr_reader_number(in, sizeof(uint32_t), &len))
		return false;
	if (kind == TEXT_UTF16)
		return read_utf16(in, len, arena, &ret->text);
	return read_bytes(in, len, kind == TEXT_LATIN1, arena, &ret->text);
}
