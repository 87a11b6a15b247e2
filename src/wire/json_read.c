/* json_read: JSON text, read in place by its consumer, value by value. */
#include "wire/json_read.h"

#include <stdint.h>
#include <stdlib.h>

#include "wire/utf8.h"

#define NUMBER_MAX 64       /* characters; longer ones are nobody's measurement */
#define EXACT_DIGITS_MAX 15 /* an integer of so many digits is exact as a double */

void json_read_init(struct json_read *r, struct view text)
{
	*r = (struct json_read){ .at = text.at, .end = view_end(text) };
	if (view_starts(text, VIEW("\xef\xbb\xbf")))
		r->at += 3;
}

void json_read_fini(struct json_read *r)
{
	buf_fini(&r->scratch);
}

static bool fail(struct json_read *r, const char *wrong)
{
	if (!r->wrong)
		r->wrong = wrong;
	return false;
}

char json_read_peek(struct json_read *r)
{
	while (r->at < r->end &&
		(*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
		r->at++;
	return r->at < r->end && !r->wrong ? *r->at : '\0';
}

static bool expect(struct json_read *r, char c, const char *wrong)
{
	if (json_read_peek(r) != c)
		return fail(r, wrong);
	r->at++;
	return true;
}

bool json_read_object(struct json_read *r)
{
	r->first = true;
	return expect(r, '{', "not an object");
}

bool json_read_array(struct json_read *r)
{
	r->first = true;
	return expect(r, '[', "not an array");
}

/* Steps over the comma before the next member; false at the closing bracket, which is read. */
static bool more(struct json_read *r, char bracket)
{
	bool first = r->first;

	r->first = false;
	if (json_read_peek(r) == bracket) {
		r->at++;
		return false;
	}
	return first ? !r->wrong : expect(r, ',', "neither a comma nor a closing bracket");
}

bool json_read_key(struct json_read *r, struct view *ret)
{
	return more(r, '}') && json_read_text(r, ret) && expect(r, ':', "no colon after a key");
}

bool json_read_item(struct json_read *r)
{
	if (!more(r, ']'))
		return false;
	return json_read_peek(r) ? true : fail(r, "an array is cut off");
}

static bool read_hex4(struct json_read *r, uint32_t *ret)
{
	uint64_t number;

	if (r->end - r->at < 4 || !view_hex_to_u64((struct view){ r->at, 4 }, &number))
		return fail(r, "a broken \\u escape");
	r->at += 4;
	*ret = (uint32_t)number;
	return true;
}

/* Behind "\u": one code point, of which half may follow in a second escape. */
static bool read_code_point(struct json_read *r)
{
	uint32_t c, low;

	if (!read_hex4(r, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00 && r->end - r->at >= 2 && r->at[0] == '\\' &&
		r->at[1] == 'u') {
		r->at += 2;
		if (!read_hex4(r, &low))
			return false;
		if (low >= 0xdc00 && low < 0xe000)
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		else
			utf8_put(&r->scratch, c), c = low;
	}
	utf8_put(&r->scratch, c);
	return true;
}

static bool read_escape(struct json_read *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (r->at == r->end)
		return fail(r, "a text is cut off");
	if (*r->at == 'u') {
		r->at++;
		return read_code_point(r);
	}
	found = *r->at ? strchr(from, *r->at) : NULL;
	if (!found)
		return fail(r, "an unknown escape");
	buf_add_char(&r->scratch, to[found - from]);
	r->at++;
	return true;
}

/* Up to the next quote or escape. */
static struct view plain_run(struct json_read *r)
{
	const char *from = r->at;

	while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (uint8_t)*r->at >= ' ')
		r->at++;
	return view_between(from, r->at);
}

bool json_read_text(struct json_read *r, struct view *ret)
{
	if (!expect(r, '"', "not a text"))
		return false;
	*ret = plain_run(r);
	buf_clear(&r->scratch);
	if (r->at < r->end && *r->at == '\\')
		buf_add_view(&r->scratch, *ret);
	while (r->at < r->end && *r->at == '\\') {
		r->at++;
		if (!read_escape(r))
			return false;
		buf_add_view(&r->scratch, plain_run(r));
		*ret = buf_view(&r->scratch);
	}
	if (r->scratch.failed)
		return fail(r, "a text that does not fit into memory");
	return expect(r, '"', "a text is cut off or has a control character");
}

static struct view number_run(struct json_read *r)
{
	const char *from;

	json_read_peek(r);
	from = r->at;
	while (r->at < r->end && *r->at && strchr("+-.eE0123456789", *r->at))
		r->at++;
	return view_between(from, r->at);
}

bool json_read_number(struct json_read *r, double *ret)
{
	struct view run = number_run(r);
	char text[NUMBER_MAX + 1], *end;
	uint64_t exact;

	if (run.len && run.len <= EXACT_DIGITS_MAX && view_to_u64(run, &exact)) {
		*ret = (double)exact;
		return true;
	}
	if (run.len == 0 || run.len > NUMBER_MAX)
		return fail(r, "not a number");
	memcpy(text, run.at, run.len);
	text[run.len] = '\0';
	*ret = strtod(text, &end);
	return *end ? fail(r, "not a number") : true;
}

static bool skip_scalar(struct json_read *r, char c)
{
	static const char *const words[] = { "true", "false", "null" };
	struct view text;
	double number;

	if (c == '"')
		return json_read_text(r, &text);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (view_starts(view_between(r->at, r->end), view_of(words[i]))) {
			r->at += strlen(words[i]);
			return true;
		}
	return json_read_number(r, &number);
}

bool json_read_skip(struct json_read *r)
{
	uint64_t is_array[JSON_READ_DEPTH_MAX / 64] = { 0 };
	size_t depth = 0;

	do {
		char c = json_read_peek(r);
		struct view key;

		if (c == '{' || c == '[') {
			if (depth == JSON_READ_DEPTH_MAX)
				return fail(r, "brackets nest too deep");
			is_array[depth / 64] &= ~(1ULL << depth % 64);
			is_array[depth / 64] |= (uint64_t)(c == '[') << depth % 64;
			depth++;
			r->at++;
			r->first = true;
		} else if (!skip_scalar(r, c)) {
			return false;
		}
		while (depth) {
			bool in_array = is_array[(depth - 1) / 64] >> (depth - 1) % 64 & 1;

			if (in_array ? json_read_item(r) : json_read_key(r, &key))
				break;
			depth--;
		}
	} while (depth && !r->wrong);
	return !r->wrong;
}
