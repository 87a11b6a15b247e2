/* otlp_attributes: the attribute, link and string tables of an OTLP message that is being written.
 */
#include "codec/otlp_attributes.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"
#include "codec/otlp_format.h"
#include "wire/proto.h"

#define TRACE_HEX 32
#define SPAN_HEX 16

static size_t n_strings(const struct profile *p)
{
	return p->strings.count ? p->strings.count : 1;
}

void otlp_attributes_init(struct otlp_attributes *a, const struct profile *from)
{
	struct otlp_attribute_entry *none;

	*a = (struct otlp_attributes){ .from = from };
	none = VEC_ADD(a->entries, a->count, a->cap);
	if (none)
		*none = (struct otlp_attribute_entry){ 0 };
	else
		a->failed = true;
	proto_end(&a->link_table, proto_begin(&a->link_table, OTLP_LINKS));
}

void otlp_attributes_fini(struct otlp_attributes *a)
{
	strings_fini(&a->extra);
	free(a->entries);
	intern_fini(&a->set);
	map_fini(&a->links);
	buf_fini(&a->link_table);
}

uint32_t otlp_attributes_string(struct otlp_attributes *a, struct view text)
{
	uint32_t id = text.len ? strings_find(&a->from->strings, text) : 0;

	if (id != STRINGS_NONE)
		return id;
	id = strings_add(&a->extra, text);
	a->failed |= id == STRINGS_NONE;
	return (uint32_t)n_strings(a->from) + id - 1; /* extra's own 0 is "" */
}

static bool equal(const void *owner, uint32_t id, const void *wanted)
{
	const struct otlp_attribute_entry *x =
		&((const struct otlp_attributes *)owner)->entries[id];
	const struct otlp_attribute_entry *y = wanted;

	return x->key == y->key && x->unit == y->unit && x->value == y->value && x->kind == y->kind;
}

uint32_t otlp_attributes_add(struct otlp_attributes *a, const struct otlp_attribute_entry *entry)
{
	uint64_t hash = hash_keyed_pair(hash_keyed_pair(entry->key, entry->value),
		hash_keyed_pair(entry->unit, entry->kind));
	uint32_t id = intern_find(&a->set, hash, equal, a, entry);
	struct otlp_attribute_entry *added;

	if (id != INTERN_NONE)
		return id;
	added = VEC_ADD(a->entries, a->count, a->cap);
	if (!added || !intern_add(&a->set, hash, (uint32_t)a->count - 1)) {
		a->failed = true;
		return 0;
	}
	*added = *entry;
	return (uint32_t)a->count - 1;
}

static bool is_hex(struct view text, size_t len)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.at[i] >= '0' && text.at[i] <= '9') ||
			    (text.at[i] >= 'a' && text.at[i] <= 'f')))
			return false;
	return text.len == len;
}

static bool is_trace(const struct otlp_attributes *a, const struct label *label)
{
	return view_equal(profile_text(a->from, label->key), VIEW("trace_id")) &&
	       is_hex(profile_text(a->from, label->str), TRACE_HEX);
}

static bool is_span(const struct otlp_attributes *a, const struct label *label)
{
	return view_equal(profile_text(a->from, label->key), VIEW("span_id")) &&
	       is_hex(profile_text(a->from, label->str), SPAN_HEX);
}

bool otlp_attributes_is_link(const struct otlp_attributes *a, const struct label *label)
{
	return is_trace(a, label) || is_span(a, label);
}

static void put_hex(struct otlp_attributes *a, uint32_t id, uint32_t string)
{
	struct view hex = profile_text(a->from, string);
	size_t begun = proto_begin(&a->link_table, id);
	uint64_t byte = 0;

	for (size_t i = 0; i + 2 <= hex.len; i += 2) {
		view_hex_to_u64((struct view){ hex.at + i, 2 }, &byte);
		buf_add_char(&a->link_table, (char)byte);
	}
	proto_end(&a->link_table, begun);
}

uint32_t otlp_attributes_link(struct otlp_attributes *a, const struct label_set *set)
{
	uint32_t trace = 0, span = 0;
	uint64_t *number;
	size_t begun;
	bool is_new;

	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &a->from->labels[set->first + i];

		if (is_trace(a, label))
			trace = label->str;
		else if (is_span(a, label))
			span = label->str;
	}
	if (!trace && !span)
		return 0;
	number = map_add(&a->links, (uint64_t)trace << 32 | span, &is_new);
	if (!number) {
		a->failed = true;
		return 0;
	}
	if (!is_new)
		return (uint32_t)*number;
	*number = a->links.count;
	begun = proto_begin(&a->link_table, OTLP_LINKS);
	if (trace)
		put_hex(a, OTLP_LINK_TRACE, trace);
	if (span)
		put_hex(a, OTLP_LINK_SPAN, span);
	proto_end(&a->link_table, begun);
	return (uint32_t)*number;
}

static void write_entry(const struct otlp_attribute_entry *entry, struct buf *out)
{
	static const uint8_t fields[] = { [OTLP_ATTRIBUTE_TEXT] = OTLP_ANY_STRING,
		[OTLP_ATTRIBUTE_NUMBER] = OTLP_ANY_INT,
		[OTLP_ATTRIBUTE_TRUE] = OTLP_ANY_BOOL };
	size_t begun = proto_begin(out, OTLP_ATTRIBUTES), value;

	if (entry->key) {
		proto_put_number(out, OTLP_KEY, entry->key);
		value = proto_begin(out, OTLP_VALUE);
		proto_put_number(out, fields[entry->kind], entry->value);
		proto_end(out, value);
	}
	if (entry->unit)
		proto_put_number(out, OTLP_UNIT_OR_KEY, entry->unit);
	proto_end(out, begun);
}

void otlp_attributes_write(const struct otlp_attributes *a, struct buf *out)
{
	buf_add_view(out, buf_view(&a->link_table));
	out->failed |= a->link_table.failed;
	for (uint32_t i = 0; i < n_strings(a->from); i++)
		proto_put_bytes(out, OTLP_STRINGS, profile_text(a->from, i));
	for (uint32_t i = 1; i < a->extra.count; i++)
		proto_put_bytes(out, OTLP_STRINGS, strings_at(&a->extra, i));
	for (size_t i = 0; i < a->count; i++)
		write_entry(&a->entries[i], out);
}
