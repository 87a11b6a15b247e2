/* otlp_label: what an attribute of OpenTelemetry is called here, and what it says. */
#include "codec/otlp_label.h"

#include <inttypes.h>
#include <stdio.h>

static const struct word {
	const char *ours, *key;
} words[] = {
	{ "thread", "thread.name" },
	{ "tid", "thread.id" },
	{ "process", "process.executable.name" },
	{ "pid", "process.pid" },
	{ "service_name", "service.name" },
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

struct view otlp_label_name(struct view key, struct arena *arena)
{
	size_t plain = 0;
	char *copy;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (view_equal(key, view_of(words[i].key)))
			return view_of(words[i].ours);
	while (plain < key.len && is_plain(key.at[plain]))
		plain++;
	if (plain == key.len)
		return key;
	copy = arena_copy(arena, key);
	for (size_t i = plain; copy && i < key.len; i++)
		if (!is_plain(copy[i]))
			copy[i] = '_';
	return (struct view){ copy, copy ? key.len : 0 };
}

struct view otlp_label_key(struct view name)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (view_equal(name, view_of(words[i].ours)))
			return view_of(words[i].key);
	return name;
}

/* An AnyValue says one thing: the last field of it. */
static bool value_of(struct view message, struct proto_field *ret)
{
	struct proto in = proto_of(message);
	bool found = false;
	struct proto_field f;

	while (proto_next(&in, &f)) {
		*ret = f;
		found = true;
	}
	return found && !in.wrong;
}

bool otlp_label_text(const struct otlp_columns *c, struct view value, struct view *ret)
{
	struct proto_field f;

	if (!value_of(value, &f))
		return false;
	if (f.id == OTLP_ANY_TEXT && f.wire == PROTO_BYTES)
		*ret = f.bytes;
	else if (f.id == OTLP_ANY_STRING && f.wire == PROTO_VARINT && f.number < c->n_strings)
		*ret = c->strings[f.number];
	else
		return false;
	return true;
}

bool otlp_label_is_true(struct view value)
{
	struct proto_field f;

	return value_of(value, &f) && f.id == OTLP_ANY_BOOL && f.wire == PROTO_VARINT && f.number;
}

struct proto otlp_label_list(struct view value)
{
	struct proto_field f;

	if (!value_of(value, &f) || f.id != OTLP_ANY_ARRAY || f.wire != PROTO_BYTES)
		return (struct proto){ 0 };
	return proto_of(f.bytes);
}

bool otlp_label_next_item(struct proto *list, struct view *ret_value)
{
	struct proto_field f;

	while (list->at && proto_next(list, &f))
		if (f.id == 1 && f.wire == PROTO_BYTES) { /* ArrayValue.values */
			*ret_value = f.bytes;
			return true;
		}
	return false;
}

static void put_scalar(const struct otlp_columns *c, const struct proto_field *f, struct buf *out)
{
	double number;

	if (f->id == OTLP_ANY_TEXT && f->wire == PROTO_BYTES)
		buf_add_view(out, f->bytes);
	else if (f->id == OTLP_ANY_STRING && f->wire == PROTO_VARINT && f->number < c->n_strings)
		buf_add_view(out, c->strings[f->number]);
	else if (f->id == OTLP_ANY_BOOL && f->wire == PROTO_VARINT)
		buf_add_text(out, f->number ? "true" : "false");
	else if (f->id == OTLP_ANY_INT && f->wire == PROTO_VARINT)
		buf_add_format(out, "%" PRId64, (int64_t)f->number);
	else if (f->id == OTLP_ANY_DOUBLE && f->wire == PROTO_FIXED64) {
		memcpy(&number, &f->number, sizeof(number));
		buf_add_format(out, "%.15g", number);
	} else if (f->id == OTLP_ANY_BYTES && f->wire == PROTO_BYTES)
		for (size_t i = 0; i < f->bytes.len; i++)
			buf_add_format(out, "%02x", (uint8_t)f->bytes.at[i]);
}

static void put_list(const struct otlp_columns *c, struct view value, struct buf *out)
{
	struct proto list = otlp_label_list(value);
	bool first = true;
	struct proto_field f;
	struct view item;

	while (otlp_label_next_item(&list, &item)) {
		if (!first)
			buf_add_char(out, ',');
		first = false;
		if (value_of(item, &f))
			put_scalar(c, &f, out);
	}
}

bool otlp_label_read(const struct otlp_columns *c, const struct otlp_attribute *attribute,
	struct arena *arena, struct otlp_label *ret)
{
	BUF_AUTO text = { 0 };
	struct proto_field f;

	*ret = (struct otlp_label){ .unit = attribute->unit };
	if (!attribute->key.len || !value_of(attribute->value, &f))
		return false;
	ret->name = otlp_label_name(attribute->key, arena);
	if (f.id == OTLP_ANY_INT && f.wire == PROTO_VARINT) {
		ret->number = (int64_t)f.number;
		ret->is_number = true;
		return ret->name.len;
	}
	if (otlp_label_text(c, attribute->value, &ret->text))
		return ret->name.len && ret->text.len;
	if (f.id == OTLP_ANY_ARRAY)
		put_list(c, attribute->value, &text);
	else
		put_scalar(c, &f, &text);
	ret->text = (struct view){ arena_copy(arena, buf_view(&text)), text.len };
	arena->failed |= text.failed;
	return ret->name.len && ret->text.len && !arena->failed;
}
