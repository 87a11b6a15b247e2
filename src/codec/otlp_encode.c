/*
 * otlp_encode: a profile as an OTLP message, one of its profiles for each sample type.
 *
 * In the dictionary, entry 0 of each table is none: the model's mappings and strings are so
 * already, its locations and functions move by one.
 */
#include <stdlib.h>

#include "base/vec.h"
#include "codec/otlp_attributes.h"
#include "codec/otlp_label.h"

struct encoder {
	const struct profile *from;
	struct otlp_attributes attributes;
	uint32_t *stacks;         /* owned; the number of each stack that has a sample, 0 = none */
	uint32_t n_stacks;        /* with the empty one */
	struct buf sets;          /* attributes of each label set, packed */
	uint32_t *set_end, *link; /* owned; of each label set */
	struct buf dictionary;
};

static void put_if(struct buf *out, uint32_t id, uint64_t number)
{
	if (number)
		proto_put_number(out, id, number);
}

static void put_none(struct buf *out, uint32_t id)
{
	proto_end(out, proto_begin(out, id));
}

/* Ends a packed list; one without numbers was never begun. */
static void end_list(struct buf *out, size_t begun)
{
	if (!out->failed && out->len == begun)
		out->len -= 2; /* its field and its length */
	else
		proto_end(out, begun);
}

static uint32_t add_text(struct encoder *e, const char *key, struct view text)
{
	return otlp_attributes_add(
		&e->attributes, &(struct otlp_attribute_entry){
					.key = otlp_attributes_string(&e->attributes, view_of(key)),
					.value = otlp_attributes_string(&e->attributes, text) });
}

static void put_flag(struct encoder *e, const char *key, bool is, struct buf *out)
{
	if (is)
		proto_put_varint(out,
			otlp_attributes_add(&e->attributes,
				&(struct otlp_attribute_entry){
					.key = otlp_attributes_string(&e->attributes, view_of(key)),
					.value = true,
					.kind = OTLP_ATTRIBUTE_TRUE }));
}

/* ---- tables ---- */

static void put_mapping(struct encoder *e, const struct mapping *mapping)
{
	struct buf *out = &e->dictionary;
	size_t begun = proto_begin(out, OTLP_MAPPINGS), packed;

	put_if(out, OTLP_MAPPING_START, mapping->start);
	put_if(out, OTLP_MAPPING_LIMIT, mapping->limit);
	put_if(out, OTLP_MAPPING_OFFSET, mapping->offset);
	put_if(out, OTLP_MAPPING_FILE, mapping->file);
	packed = proto_begin(out, OTLP_MAPPING_ATTRIBUTES);
	if (mapping->build_id)
		proto_put_varint(out, add_text(e, OTLP_KEY_BUILD_ID "gnu",
					      profile_text(e->from, mapping->build_id)));
	put_flag(e, OTLP_KEY_HAS "functions", mapping->has_functions, out);
	put_flag(e, OTLP_KEY_HAS "filenames", mapping->has_filenames, out);
	put_flag(e, OTLP_KEY_HAS "line_numbers", mapping->has_line_numbers, out);
	put_flag(e, OTLP_KEY_HAS "inline_frames", mapping->has_inline_frames, out);
	end_list(out, packed);
	proto_end(out, begun);
}

static void put_location(struct encoder *e, const struct location *location)
{
	struct buf *out = &e->dictionary;
	size_t begun = proto_begin(out, OTLP_LOCATIONS), packed;

	put_if(out, OTLP_LOCATION_MAPPING, location->mapping);
	put_if(out, OTLP_LOCATION_ADDRESS, location->address);
	for (uint32_t i = 0; i < location->n_lines; i++) {
		const struct line *line = &e->from->lines[location->first_line + i];
		size_t line_begun = proto_begin(out, OTLP_LOCATION_LINES);

		proto_put_number(out, OTLP_LINE_FUNCTION, (uint64_t)line->function + 1);
		put_if(out, OTLP_LINE_LINE, (uint64_t)line->line);
		put_if(out, OTLP_LINE_COLUMN, (uint64_t)line->column);
		proto_end(out, line_begun);
	}
	if (location->is_folded) {
		packed = proto_begin(out, OTLP_LOCATION_ATTRIBUTES);
		put_flag(e, OTLP_KEY_IS_FOLDED, true, out);
		proto_end(out, packed);
	}
	proto_end(out, begun);
}

static void put_function(struct encoder *e, const struct function *function)
{
	size_t begun = proto_begin(&e->dictionary, OTLP_FUNCTIONS);

	put_if(&e->dictionary, OTLP_FUNCTION_NAME, function->name);
	put_if(&e->dictionary, OTLP_FUNCTION_SYSTEM_NAME, function->system_name);
	put_if(&e->dictionary, OTLP_FUNCTION_FILE, function->file);
	put_if(&e->dictionary, OTLP_FUNCTION_START_LINE, (uint64_t)function->start_line);
	proto_end(&e->dictionary, begun);
}

static void put_stacks(struct encoder *e)
{
	const struct stack_node *nodes = e->from->stacks.nodes;

	put_none(&e->dictionary, OTLP_STACKS);
	e->n_stacks = 1;
	for (size_t i = 0; i < e->from->n_samples; i++) {
		uint32_t stack = e->from->samples[i].stack;
		size_t begun, packed;

		if (stack == STACK_EMPTY || e->stacks[stack])
			continue;
		e->stacks[stack] = e->n_stacks++;
		begun = proto_begin(&e->dictionary, OTLP_STACKS);
		packed = proto_begin(&e->dictionary, OTLP_STACK_LOCATIONS);
		for (; stack != STACK_EMPTY; stack = nodes[stack].parent)
			proto_put_varint(&e->dictionary, (uint64_t)nodes[stack].location + 1);
		proto_end(&e->dictionary, packed);
		proto_end(&e->dictionary, begun);
	}
}

static void put_tables(struct encoder *e)
{
	const struct profile *p = e->from;

	put_none(&e->dictionary, OTLP_MAPPINGS);
	for (uint32_t i = 1; i < p->n_mappings; i++)
		put_mapping(e, &p->mappings[i]);
	put_none(&e->dictionary, OTLP_LOCATIONS);
	for (uint32_t i = 0; i < p->n_locations; i++)
		put_location(e, &p->locations[i]);
	put_none(&e->dictionary, OTLP_FUNCTIONS);
	for (uint32_t i = 0; i < p->n_functions; i++)
		put_function(e, &p->functions[i]);
	put_stacks(e);
}

/* Each set of labels as a packed list of attributes, and its link. */
static void number_sets(struct encoder *e)
{
	const struct profile *p = e->from;

	for (size_t i = 0; i < p->n_label_sets; i++) {
		const struct label_set *set = &p->label_sets[i];

		e->link[i] = otlp_attributes_link(&e->attributes, set);
		for (uint32_t k = 0; k < set->count; k++) {
			const struct label *label = &p->labels[set->first + k];
			struct view key = otlp_label_key(profile_text(p, label->key));

			if (otlp_attributes_is_link(&e->attributes, label) || !key.len)
				continue;
			proto_put_varint(&e->sets,
				otlp_attributes_add(&e->attributes,
					&(struct otlp_attribute_entry){
						.key = otlp_attributes_string(&e->attributes, key),
						.unit = label->unit,
						.value = label->str ? label->str
								    : (uint64_t)label->num,
						.kind = label->str ? OTLP_ATTRIBUTE_TEXT
								   : OTLP_ATTRIBUTE_NUMBER }));
		}
		e->set_end[i] = (uint32_t)e->sets.len;
	}
}

/* ---- profiles ---- */

/* Samples that are 0 here are another type's; those that are 0 everywhere stay with the first. */
static bool is_shown(const struct profile *p, size_t sample, size_t type)
{
	const int64_t *values = &p->values[sample * p->n_types];

	for (size_t i = 0; type == 0 && i < p->n_types; i++)
		if (values[i])
			return values[0];
	return type == 0 || values[type];
}

static void put_sample(struct encoder *e, size_t sample, size_t type, struct buf *out)
{
	const struct sample *from = &e->from->samples[sample];
	size_t begun = proto_begin(out, OTLP_PROFILE_SAMPLES), packed;
	uint32_t set = from->labels, first = set ? e->set_end[set - 1] : 0;

	put_if(out, OTLP_SAMPLE_STACK, from->stack ? e->stacks[from->stack] : 0);
	if (e->from->n_label_sets && e->set_end[set] > first)
		proto_put_bytes(out, OTLP_SAMPLE_ATTRIBUTES,
			(struct view){ e->sets.at + first, e->set_end[set] - first });
	put_if(out, OTLP_SAMPLE_LINK, e->from->n_label_sets ? e->link[set] : 0);
	packed = proto_begin(out, OTLP_SAMPLE_VALUES);
	proto_put_varint(out, (uint64_t)e->from->values[sample * e->from->n_types + type]);
	proto_end(out, packed);
	proto_end(out, begun);
}

static void put_type(const struct value_type *type, uint32_t id, struct buf *out)
{
	size_t begun = proto_begin(out, id);

	put_if(out, OTLP_TYPE_NAME, type->type);
	put_if(out, OTLP_TYPE_UNIT, type->unit);
	proto_end(out, begun);
}

static void put_fixed64(struct buf *out, uint32_t id, uint64_t number)
{
	proto_put_varint(out, (uint64_t)id << 3 | PROTO_FIXED64);
	for (unsigned i = 0; i < 64; i += 8)
		buf_add_char(out, (char)(number >> i));
}

static void put_about(struct encoder *e, struct buf *out)
{
	const struct profile *p = e->from;
	size_t packed = proto_begin(out, OTLP_PROFILE_ATTRIBUTES);

	if (p->doc_url)
		proto_put_varint(out, add_text(e, OTLP_KEY_DOC_URL, profile_text(p, p->doc_url)));
	if (p->drop_frames)
		proto_put_varint(out, add_text(e, OTLP_KEY_DROP, profile_text(p, p->drop_frames)));
	if (p->keep_frames)
		proto_put_varint(out, add_text(e, OTLP_KEY_KEEP, profile_text(p, p->keep_frames)));
	end_list(out, packed);
}

static void put_profile(struct encoder *e, size_t type, struct buf *out)
{
	const struct profile *p = e->from;
	size_t begun = proto_begin(out, OTLP_PROFILES);

	put_type(&p->types[type], OTLP_PROFILE_TYPE, out);
	for (size_t i = 0; i < p->n_samples; i++)
		if (is_shown(p, i, type))
			put_sample(e, i, type, out);
	if (p->time_ns)
		put_fixed64(out, OTLP_PROFILE_TIME, (uint64_t)p->time_ns);
	put_if(out, OTLP_PROFILE_DURATION, (uint64_t)p->duration_ns);
	if (p->period_type.type || p->period_type.unit)
		put_type(&p->period_type, OTLP_PROFILE_PERIOD_TYPE, out);
	put_if(out, OTLP_PROFILE_PERIOD, (uint64_t)p->period);
	put_about(e, out);
	proto_end(out, begun);
}

/* What has no place in the dictionary: texts in attributes of the scope. */

static void put_comment(struct buf *out, struct view text)
{
	size_t item = proto_begin(out, 1);

	proto_put_bytes(out, OTLP_ANY_TEXT, text);
	proto_end(out, item);
}

static void put_scope(const struct profile *p, struct buf *out)
{
	size_t scope = proto_begin(out, OTLP_SCOPE), attribute, value, list;
	BUF_AUTO line = { 0 };

	if (p->default_type) {
		attribute = proto_begin(out, OTLP_SCOPE_ATTRIBUTES);
		proto_put_bytes(out, OTLP_KEY, VIEW(OTLP_KEY_DEFAULT_TYPE));
		value = proto_begin(out, OTLP_VALUE);
		proto_put_bytes(out, OTLP_ANY_TEXT, profile_text(p, p->default_type));
		proto_end(out, value);
		proto_end(out, attribute);
	}
	if (p->n_comments || p->accounting.known) {
		attribute = proto_begin(out, OTLP_SCOPE_ATTRIBUTES);
		proto_put_bytes(out, OTLP_KEY, VIEW(OTLP_KEY_COMMENT));
		value = proto_begin(out, OTLP_VALUE);
		list = proto_begin(out, OTLP_ANY_ARRAY);
		for (size_t i = 0; i < p->n_comments; i++)
			put_comment(out, profile_text(p, p->comments[i]));
		if (p->accounting.known)
			accounting_to_comment(&p->accounting, &line);
		if (line.len)
			put_comment(out, buf_view(&line));
		proto_end(out, list);
		proto_end(out, value);
		proto_end(out, attribute);
	}
	out->failed |= line.failed;
	proto_end(out, scope);
}

static void put_message(struct encoder *e, struct buf *out)
{
	size_t resource = proto_begin(out, OTLP_RESOURCE_PROFILES);
	size_t scope = proto_begin(out, OTLP_SCOPE_PROFILES), dictionary;

	put_tables(e);
	number_sets(e);
	put_scope(e->from, out);
	for (size_t i = 0; i < e->from->n_types; i++)
		put_profile(e, i, out);
	proto_end(out, scope);
	proto_end(out, resource);
	dictionary = proto_begin(out, OTLP_DICTIONARY);
	buf_add_view(out, buf_view(&e->dictionary));
	otlp_attributes_write(&e->attributes, out);
	proto_end(out, dictionary);
	out->failed |= e->dictionary.failed || e->sets.failed || e->attributes.failed;
}

int otlp_encode(const struct profile *from, struct buf *out, struct err *err)
{
	struct encoder e = { .from = from };

	if (from->time_ns < 0 || from->duration_ns < 0)
		return err_set(err, ERR_UNSUPPORTED, "OTLP has no times before 1970");
	otlp_attributes_init(&e.attributes, from);
	e.stacks = calloc(from->stacks.count + 1, sizeof(*e.stacks));
	e.set_end = calloc(from->n_label_sets + 1, sizeof(*e.set_end));
	e.link = calloc(from->n_label_sets + 1, sizeof(*e.link));
	if (e.stacks && e.set_end && e.link)
		put_message(&e, out);
	else
		out->failed = true;
	free(e.stacks);
	free(e.set_end);
	free(e.link);
	buf_fini(&e.sets);
	buf_fini(&e.dictionary);
	otlp_attributes_fini(&e.attributes);
	return out->failed ? err_set(err, ERR_NOMEM, "the profile does not fit into memory") : 0;
}
