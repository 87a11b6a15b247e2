/* protojson_write: protobuf's bytes as JSON, by the same table of fields. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/base64.h"
#include "wire/json.h"
#include "wire/proto.h"
#include "wire/protojson.h"

#define NAME_MAX_LEN 64

static const char *write_message(struct json *json, const struct protojson_message *message,
	struct view bytes, size_t depth);

static void camel(const char *name, char *ret)
{
	size_t i = 0;

	for (; *name && i < NAME_MAX_LEN - 1; name++, i++)
		ret[i] = *name == '_' && name[1] >= 'a' && name[1] <= 'z'
				 ? (char)(*++name - 'a' + 'A')
				 : *name;
	ret[i] = '\0';
}

static void write_enum(struct json *json, const struct protojson_message *names, uint64_t number)
{
	for (const struct protojson_field *f = names->fields; f->name; f++)
		if (f->id == number) {
			json_text(json, view_of(f->name));
			return;
		}
	json_i64(json, (int32_t)number);
}

static void write_number(struct json *json, const struct protojson_field *field, uint64_t number)
{
	char text[24];
	double real;
	int len;

	switch (field->kind) {
	case PROTOJSON_ENUM:
		write_enum(json, field->message, number);
		return;
	case PROTOJSON_INT32:
		json_i64(json, (int32_t)number);
		return;
	case PROTOJSON_BOOL:
		json_bool(json, number);
		return;
	case PROTOJSON_DOUBLE:
		memcpy(&real, &number, sizeof(real));
		json_double(json, real);
		return;
	default:
		len = field->kind == PROTOJSON_INT64
			      ? snprintf(text, sizeof(text), "%" PRId64, (int64_t)number)
			      : snprintf(text, sizeof(text), "%" PRIu64, number);
		json_text(json, (struct view){ text, (size_t)len });
	}
}

static void write_bytes(struct json *json, enum protojson_kind kind, struct view bytes)
{
	BUF_AUTO text = { 0 };

	if (kind == PROTOJSON_TEXT) {
		json_text(json, bytes);
		return;
	}
	if (kind == PROTOJSON_BYTES)
		base64_encode(bytes, &text);
	else
		for (size_t i = 0; i < bytes.len; i++)
			buf_add_format(&text, "%02x", (uint8_t)bytes.at[i]);
	json->out->failed |= text.failed;
	json_text(json, buf_view(&text));
}

static bool next_packed(struct proto *in, enum protojson_kind kind, uint64_t *ret)
{
	struct proto_field f = { .wire = PROTO_FIXED64 };

	if (in->at >= in->end)
		return false;
	if (kind != PROTOJSON_FIXED64 && kind != PROTOJSON_DOUBLE)
		return proto_varint(in, ret);
	if (!proto_value(in, &f))
		return false;
	*ret = f.number;
	return true;
}

/* One value of the field, or a run of packed ones. */
static const char *write_value(struct json *json, const struct protojson_field *field,
	const struct proto_field *f, size_t depth)
{
	struct proto in;
	uint64_t number;

	if (f->wire != PROTO_BYTES) {
		if (field->kind >= PROTOJSON_TEXT)
			return "a number where bytes belong";
		write_number(json, field, f->number);
		return NULL;
	}
	if (field->kind == PROTOJSON_MESSAGE)
		return write_message(json, field->message, f->bytes, depth + 1);
	if (field->kind >= PROTOJSON_TEXT) {
		write_bytes(json, field->kind, f->bytes);
		return NULL;
	}
	if (!field->repeated)
		return "bytes where a number belongs";
	in = proto_of(f->bytes);
	while (next_packed(&in, field->kind, &number))
		write_number(json, field, number);
	return in.wrong;
}

static bool is_zero(const struct protojson_field *field, const struct proto_field *f)
{
	if (field->zero_shown || field->kind == PROTOJSON_MESSAGE)
		return false;
	return f->wire == PROTO_BYTES ? f->bytes.len == 0 : f->number == 0;
}

/* The last one counts, as for every reader of protobuf. */
static const char *write_one(
	struct json *json, const struct protojson_field *field, struct view bytes, size_t depth)
{
	struct proto in = proto_of(bytes);
	struct proto_field f, last = { 0 };
	char name[NAME_MAX_LEN];

	while (proto_next(&in, &f))
		if (f.id == field->id)
			last = f;
	if (!last.id || is_zero(field, &last))
		return in.wrong;
	camel(field->name, name);
	json_key(json, name);
	return write_value(json, field, &last, depth);
}

static const char *write_list(
	struct json *json, const struct protojson_field *field, struct view bytes, size_t depth)
{
	struct proto in = proto_of(bytes);
	const char *wrong = NULL;
	char name[NAME_MAX_LEN];
	bool open = false;
	struct proto_field f;

	while (!wrong && proto_next(&in, &f)) {
		if (f.id != field->id)
			continue;
		if (!open) {
			camel(field->name, name);
			json_key(json, name);
			json_array(json);
			open = true;
		}
		wrong = write_value(json, field, &f, depth);
	}
	if (open)
		json_array_end(json);
	return wrong ? wrong : in.wrong;
}

static const char *write_message(
	struct json *json, const struct protojson_message *message, struct view bytes, size_t depth)
{
	const char *wrong = NULL;

	if (depth == PROTOJSON_DEPTH_MAX)
		return "more than 32 messages within messages";
	json_object(json);
	for (const struct protojson_field *f = message->fields; f->name && !wrong; f++)
		wrong = f->repeated ? write_list(json, f, bytes, depth)
				    : write_one(json, f, bytes, depth);
	json_object_end(json);
	return wrong;
}

int protojson_write(const struct protojson_message *message, struct view bytes, struct buf *out,
	struct err *err)
{
	struct json json = { .out = out };
	const char *wrong = write_message(&json, message, bytes, 0);

	if (wrong)
		return err_set(err, ERR_CORRUPT, "%s", wrong);
	return out->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}
