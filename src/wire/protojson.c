/* protojson: from JSON as protobuf defines it to protobuf's bytes, by a table of the fields. */
#include "wire/protojson.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "wire/base64.h"
#include "wire/json_read.h"
#include "wire/proto.h"

struct level {
	const struct protojson_message *message;
	const struct protojson_field *list; /* of messages, whose items are being read */
	size_t begun;
};

struct reader {
	struct json_read json;
	const char *begin;
	struct buf *out;
	struct level levels[PROTOJSON_DEPTH_MAX];
	size_t depth;
	const char *wrong; /* what the JSON itself would not say */
};

static bool fail(struct reader *r, const char *wrong)
{
	if (!r->wrong)
		r->wrong = wrong;
	return false;
}

/* Whether `key` is the name, or its lowerCamel. */
static bool is_name(struct view key, const char *name)
{
	size_t i = 0;

	if (view_equal(key, view_of(name)))
		return true;
	for (; *name; name++, i++) {
		char c = *name;

		if (c == '_' && name[1] >= 'a' && name[1] <= 'z')
			c = (char)(*++name - 'a' + 'A');
		if (i == key.len || key.at[i] != c)
			return false;
	}
	return i == key.len;
}

static const struct protojson_field *find(const struct protojson_message *message, struct view key)
{
	for (const struct protojson_field *f = message->fields; f->name; f++)
		if (is_name(key, f->name))
			return f;
	return NULL;
}

/* A whole number, to the last digit if it has no fraction or exponent. */
static bool number_of(struct view text, double about, uint64_t *ret)
{
	struct view digits = text;
	bool negative = text.len && text.at[0] == '-';

	if (negative)
		digits = (struct view){ text.at + 1, text.len - 1 };
	if (view_to_u64(digits, ret)) {
		if (negative && *ret > (uint64_t)INT64_MAX + 1)
			return false;
		if (negative)
			*ret = 0 - *ret;
		return true;
	}
	if (!(about == floor(about)) || about < -9.2e18 || about > 1.8e19)
		return false;
	*ret = about < 0 ? (uint64_t)(int64_t)about : (uint64_t)about;
	return true;
}

static bool read_whole(struct reader *r, uint64_t *ret)
{
	struct view text;
	double about = NAN;

	if (json_read_peek(&r->json) == '"') {
		if (!json_read_text(&r->json, &text))
			return false;
	} else {
		text.at = r->json.at;
		if (!json_read_number(&r->json, &about))
			return false;
		text = view_between(text.at, r->json.at);
	}
	return number_of(text, about, ret) || fail(r, "not a whole number of 64 bits");
}

static bool read_double(struct reader *r, uint64_t *ret)
{
	double number;
	struct view text;

	if (json_read_peek(&r->json) == '"') {
		if (!json_read_text(&r->json, &text))
			return false;
		if (view_equal(text, VIEW("NaN")))
			number = NAN;
		else if (view_equal(text, VIEW("Infinity")))
			number = INFINITY;
		else if (view_equal(text, VIEW("-Infinity")))
			number = -INFINITY;
		else
			return fail(r, "not a number");
	} else if (!json_read_number(&r->json, &number)) {
		return false;
	}
	memcpy(ret, &number, sizeof(number));
	return true;
}

static bool read_bool(struct reader *r, uint64_t *ret)
{
	char c = json_read_peek(&r->json);

	*ret = c == 't';
	return c == 't' || c == 'f' ? json_read_skip(&r->json) : fail(r, "neither true nor false");
}

static bool read_enum(struct reader *r, const struct protojson_message *names, uint64_t *ret)
{
	struct view text;

	if (json_read_peek(&r->json) != '"')
		return read_whole(r, ret);
	if (!json_read_text(&r->json, &text))
		return false;
	for (const struct protojson_field *f = names->fields; f->name; f++)
		if (view_equal(text, view_of(f->name))) {
			*ret = f->id;
			return true;
		}
	return fail(r, "no such name in this enum");
}

static bool read_number(struct reader *r, const struct protojson_field *f, uint64_t *ret)
{
	if (f->kind == PROTOJSON_BOOL)
		return read_bool(r, ret);
	if (f->kind == PROTOJSON_ENUM)
		return read_enum(r, f->message, ret);
	return f->kind == PROTOJSON_DOUBLE ? read_double(r, ret) : read_whole(r, ret);
}

static bool is_fixed(enum protojson_kind kind)
{
	return kind == PROTOJSON_FIXED64 || kind == PROTOJSON_DOUBLE;
}

static void put_number(struct buf *out, const struct protojson_field *f, uint64_t number)
{
	if (!is_fixed(f->kind)) {
		proto_put_varint(out, number);
		return;
	}
	for (unsigned i = 0; i < 64; i += 8)
		buf_add_char(out, (char)(number >> i));
}

static bool hex_bytes(struct view text, struct buf *out)
{
	uint64_t byte;

	if (text.len != 32 && text.len != 16)
		return false;
	for (size_t i = 0; i < text.len; i += 2) {
		if (!view_hex_to_u64((struct view){ text.at + i, 2 }, &byte))
			return false;
		buf_add_char(out, (char)byte);
	}
	return true;
}

static bool read_text(struct reader *r, const struct protojson_field *f)
{
	BUF_AUTO bytes = { 0 };
	struct view text;

	if (!json_read_text(&r->json, &text))
		return false;
	if (f->kind != PROTOJSON_TEXT) {
		if (f->kind != PROTOJSON_ID || !hex_bytes(text, &bytes)) {
			buf_clear(&bytes);
			if (!base64_decode(text, &bytes))
				return fail(r, "bytes that are not base64");
		}
		text = buf_view(&bytes);
		r->out->failed |= bytes.failed;
	}
	proto_put_bytes(r->out, f->id, text);
	return true;
}

static bool read_scalar(struct reader *r, const struct protojson_field *f)
{
	uint64_t number;

	if (f->kind >= PROTOJSON_TEXT)
		return read_text(r, f);
	if (!read_number(r, f, &number))
		return false;
	proto_put_varint(
		r->out, (uint64_t)f->id << 3 | (is_fixed(f->kind) ? PROTO_FIXED64 : PROTO_VARINT));
	put_number(r->out, f, number);
	return true;
}

static bool read_scalars(struct reader *r, const struct protojson_field *f)
{
	size_t begun = 0;
	uint64_t number;

	if (!json_read_array(&r->json))
		return false;
	if (f->kind < PROTOJSON_TEXT)
		begun = proto_begin(r->out, f->id);
	while (!r->wrong && !r->out->failed && json_read_item(&r->json))
		if (f->kind >= PROTOJSON_TEXT)
			read_text(r, f);
		else if (read_number(r, f, &number))
			put_number(r->out, f, number);
	if (f->kind < PROTOJSON_TEXT)
		proto_end(r->out, begun);
	return !r->wrong;
}

static bool enter(struct reader *r, const struct protojson_field *f)
{
	struct level *level = &r->levels[r->depth];

	if (r->depth == PROTOJSON_DEPTH_MAX)
		return fail(r, "more than 32 messages within messages");
	if (!json_read_object(&r->json))
		return false;
	*level = (struct level){ .message = f->message, .begun = proto_begin(r->out, f->id) };
	r->depth++;
	return true;
}

static bool read_field(struct reader *r, struct level *level, struct view key)
{
	const struct protojson_field *f = find(level->message, key);

	if (!f || json_read_peek(&r->json) == 'n')
		return json_read_skip(&r->json);
	if (f->kind != PROTOJSON_MESSAGE)
		return f->repeated ? read_scalars(r, f) : read_scalar(r, f);
	if (!f->repeated)
		return enter(r, f);
	level->list = f;
	return json_read_array(&r->json);
}

/* One step; false when the outermost message ends and where anything is wrong. */
static bool step(struct reader *r)
{
	struct level *level = &r->levels[r->depth - 1];
	struct view key;

	if (level->list) {
		if (json_read_item(&r->json))
			return enter(r, level->list);
		level->list = NULL;
		return !r->json.wrong;
	}
	if (json_read_key(&r->json, &key))
		return read_field(r, level, key);
	if (--r->depth)
		proto_end(r->out, level->begun);
	return r->depth && !r->json.wrong;
}

int protojson_read(
	const struct protojson_message *message, struct view text, struct buf *out, struct err *err)
{
	struct reader r = { .begin = text.at, .out = out, .depth = 1 };
	const char *wrong, *at;

	r.levels[0] = (struct level){ .message = message };
	json_read_init(&r.json, text);
	if (json_read_object(&r.json))
		while (!out->failed && step(&r))
			;
	if (!out->failed && !r.wrong && !r.json.wrong && json_read_peek(&r.json))
		r.wrong = "something follows the end";
	wrong = r.json.wrong ? r.json.wrong : r.wrong;
	at = r.json.at;
	if (r.json.scratch.failed)
		out->failed = true;
	json_read_fini(&r.json);
	if (out->failed)
		return err_set(err, ERR_NOMEM, "the message does not fit into memory");
	if (wrong)
		return err_set(err, r.depth == PROTOJSON_DEPTH_MAX ? ERR_LIMIT : ERR_CORRUPT,
			"at byte %zu: %s", (size_t)(at - r.begin), wrong);
	return 0;
}
