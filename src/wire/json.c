/* json: JSON text, written straight into a buffer. */
#include "wire/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/utf8.h"

#define DOUBLE_DIGITS 17

static void before(struct json *json)
{
	if (json->comma)
		buf_add_char(json->out, ',');
	json->comma = true;
}

static void begin(struct json *json, char bracket)
{
	before(json);
	buf_add_char(json->out, bracket);
	json->comma = false;
}

static void end(struct json *json, char bracket)
{
	buf_add_char(json->out, bracket);
	json->comma = true;
}

void json_object(struct json *json)
{
	begin(json, '{');
}

void json_object_end(struct json *json)
{
	end(json, '}');
}

void json_array(struct json *json)
{
	begin(json, '[');
}

void json_array_end(struct json *json)
{
	end(json, ']');
}

void json_key(struct json *json, const char *key)
{
	before(json);
	buf_add_char(json->out, '"');
	buf_add_text(json->out, key);
	buf_add_text(json->out, "\":");
	json->comma = false;
}

/* Whether the sequence of `n` bytes can stand in a JSON text, and in a script, as it is. */
static bool is_plain(const char *at, size_t n)
{
	static const char separators[] = "\xe2\x80\xa8\xe2\x80\xa9"; /* U+2028, U+2029 */

	if (n == 3)
		return memcmp(at, separators, 3) != 0 && memcmp(at, separators + 3, 3) != 0;
	return n > 1 || ((uint8_t)*at >= ' ' && *at != '"' && *at != '\\' && *at != '<');
}

static void put_escaped(struct buf *out, const char *at, size_t n)
{
	if (n == 0)
		buf_add_text(out, UTF8_REPLACEMENT);
	else if (n == 3)
		buf_add_format(out, "\\u20%02x", 0x28 + ((uint8_t)at[2] & 1));
	else if (*at == '"' || *at == '\\')
		buf_add(out, (char[]){ '\\', *at }, 2);
	else if (*at == '\n')
		buf_add_text(out, "\\n");
	else if (*at == '\t')
		buf_add_text(out, "\\t");
	else
		buf_add_format(out, "\\u%04x", (uint8_t)*at);
}

void json_text(struct json *json, struct view text)
{
	const char *plain = text.at;

	before(json);
	buf_add_char(json->out, '"');
	while (text.len) {
		size_t n = utf8_sequence(text), step = n ? n : 1;

		if (n == 0 || !is_plain(text.at, n)) {
			buf_add_view(json->out, view_between(plain, text.at));
			put_escaped(json->out, text.at, n);
			plain = text.at + step;
		}
		text = (struct view){ text.at + step, text.len - step };
	}
	buf_add_view(json->out, view_between(plain, text.at));
	buf_add_char(json->out, '"');
}

void json_key_text(struct json *json, struct view key)
{
	json_text(json, key);
	buf_add_char(json->out, ':');
	json->comma = false;
}

void json_i64(struct json *json, int64_t number)
{
	before(json);
	if (number < 0)
		buf_add_char(json->out, '-');
	buf_add_u64(json->out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void json_u64(struct json *json, uint64_t number)
{
	before(json);
	buf_add_u64(json->out, number);
}

void json_bool(struct json *json, bool is)
{
	before(json);
	buf_add_text(json->out, is ? "true" : "false");
}

void json_null(struct json *json)
{
	before(json);
	buf_add_text(json->out, "null");
}

void json_double(struct json *json, double number)
{
	char text[32];

	before(json);
	if (!isfinite(number)) {
		buf_add_text(json->out, "null");
		return;
	}
	for (int digits = 1; digits <= DOUBLE_DIGITS; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buf_add_text(json->out, text);
}
