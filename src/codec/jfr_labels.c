/* jfr_labels: what the contexts of a recording are called, as Pyroscope's Java agent sends it. */
#include "codec/jfr_labels.h"

#include <stdlib.h>

#include "base/vec.h"
#include "wire/proto.h"

enum { CONTEXTS = 1, STRINGS = 2, LABELS = 1, KEY = 1, VALUE = 2 };

/* An entry of a map: its key is a number; its value a message, a text, or a number. */
struct entry {
	uint64_t key, number;
	struct view bytes;
};

static bool read_entry(struct view message, struct entry *ret)
{
	struct proto in = proto_of(message);
	struct proto_field field;

	*ret = (struct entry){ .bytes = VIEW("") };
	while (proto_next(&in, &field)) {
		if (field.id == KEY && field.wire == PROTO_VARINT)
			ret->key = field.number;
		else if (field.id == VALUE && field.wire == PROTO_VARINT)
			ret->number = field.number;
		else if (field.id == VALUE && field.wire == PROTO_BYTES)
			ret->bytes = field.bytes;
	}
	return !in.wrong;
}

static int add(struct jfr_labels *labels, uint32_t id, const struct entry *entry, struct err *err)
{
	bool is_context = id == CONTEXTS;
	struct view *view =
		is_context ? VEC_ADD(labels->messages, labels->n_messages, labels->cap_messages)
			   : VEC_ADD(labels->texts, labels->n_texts, labels->cap_texts);
	uint64_t *place =
		map_add(is_context ? &labels->contexts : &labels->strings, entry->key, NULL);

	if (!view || !place)
		return err_set(err, ERR_NOMEM, "out of memory");
	*view = entry->bytes;
	*place = (is_context ? labels->n_messages : labels->n_texts) - 1;
	return 0;
}

int jfr_labels_read(struct view message, struct jfr_labels *ret, struct err *err)
{
	struct proto in = proto_of(message);
	struct proto_field field;
	struct entry entry;
	int rc = 0;

	*ret = (struct jfr_labels){ 0 };
	while (rc == 0 && proto_next(&in, &field)) {
		if (field.wire != PROTO_BYTES || (field.id != CONTEXTS && field.id != STRINGS))
			continue;
		if (!read_entry(field.bytes, &entry))
			return err_set(
				err, ERR_CORRUPT, "labels of the recording: an entry is damaged");
		rc = add(ret, field.id, &entry, err);
	}
	if (rc == 0 && in.wrong)
		rc = err_set(err, ERR_CORRUPT, "labels of the recording: %s", in.wrong);
	return rc;
}

void jfr_labels_fini(struct jfr_labels *labels)
{
	map_fini(&labels->contexts);
	map_fini(&labels->strings);
	free(labels->messages);
	free(labels->texts);
}

static bool find_text(const struct jfr_labels *labels, uint64_t number, struct view *ret)
{
	const uint64_t *place = map_find(&labels->strings, number);

	if (place)
		*ret = labels->texts[*place];
	return place && ret->len;
}

bool jfr_labels_next(const struct jfr_labels *labels, uint64_t context,
	struct jfr_labels_cursor *cursor, struct view *ret_key, struct view *ret_value)
{
	const uint64_t *place = map_find(&labels->contexts, context);
	struct proto_field field;
	struct entry entry;
	struct proto in;

	if (!place)
		return false;
	if (!cursor->has_begun)
		cursor->rest = labels->messages[*place];
	cursor->has_begun = true;
	in = proto_of(cursor->rest);
	while (proto_next(&in, &field)) {
		cursor->rest = view_between((const char *)in.at, (const char *)in.end);
		if (field.id == LABELS && field.wire == PROTO_BYTES &&
			read_entry(field.bytes, &entry) && find_text(labels, entry.key, ret_key) &&
			find_text(labels, entry.number, ret_value))
			return true;
	}
	return false;
}
