/* pprof_encode: a profile as a pprof message, its tables in the order of Go's writer. */
#include <endian.h>
#include <string.h>

#include "codec/pprof_format.h"
#include "model/profile.h"
#include "wire/proto.h"

#define IDS_AT_ONCE 32
#define ID_BYTES 5 /* of a varint of 33 bits */
#define ID_EXTRA 3 /* that are written behind it */

/* Ids in the file are the model's plus one, but for mappings: the model's 0 is "none" too.
 * Strings keep their numbers, so the accounting line is one more at the end. */

static void put_if(struct buf *out, uint32_t id, uint64_t number)
{
	if (number)
		proto_put_number(out, id, number);
}

static void put_value_type(struct buf *out, uint32_t id, const struct value_type *type)
{
	size_t begun = proto_begin(out, id);

	put_if(out, PPROF_TYPE_NAME, type->type);
	put_if(out, PPROF_TYPE_UNIT, type->unit);
	proto_end(out, begun);
}

static void put_label(struct buf *out, const struct label *label)
{
	size_t begun = proto_begin(out, PPROF_SAMPLE_LABEL);

	put_if(out, PPROF_LABEL_KEY, label->key);
	if (label->str)
		proto_put_number(out, PPROF_LABEL_STR, label->str);
	else
		proto_put_number(out, PPROF_LABEL_NUM, (uint64_t)label->num);
	put_if(out, PPROF_LABEL_UNIT, label->unit);
	proto_end(out, begun);
}

/* A number below 2^35, without a branch to guess wrong; writes eight bytes, returns where those
 * that count end. */
static inline uint8_t *put_id(uint8_t *at, uint64_t id)
{
	unsigned more = (id >= 1 << 7) + (id >= 1 << 14) + (id >= 1 << 21) + (id >= 1 << 28);
	uint64_t word = (id & 0x7f) | (id & 0x7f << 7) << 1 | (id & 0x7f << 14) << 2 |
			(id & 0x7f << 21) << 3 | id >> 28 << 32;

	word = htole64(word | (0x80808080ULL & ((1ULL << 8 * more) - 1)));
	memcpy(at, &word, sizeof(word));
	return at + more + 1;
}

/* The ids of a stack, leaf first. They are most of a file, so room is taken for many at once. */
static void put_stack(struct buf *out, const struct stack_node *nodes, uint32_t stack)
{
	while (stack != STACK_EMPTY) {
		uint8_t *start = (uint8_t *)buf_reserve(out, IDS_AT_ONCE * ID_BYTES + ID_EXTRA),
			*at = start;

		if (!start)
			return;
		for (int i = 0; i < IDS_AT_ONCE && stack != STACK_EMPTY; i++) {
			at = put_id(at, (uint64_t)nodes[stack].location + 1);
			stack = nodes[stack].parent;
		}
		out->len += (size_t)(at - start);
	}
}

static void put_sample(struct buf *out, const struct profile *p, size_t i)
{
	const struct label_set *set = &p->label_sets[p->samples[i].labels];
	uint32_t stack = p->samples[i].stack;
	size_t begun = proto_begin(out, PPROF_SAMPLE), packed;

	if (stack != STACK_EMPTY) {
		packed = proto_begin(out, PPROF_SAMPLE_LOCATION);
		put_stack(out, p->stacks.nodes, stack);
		proto_end(out, packed);
	}
	packed = proto_begin(out, PPROF_SAMPLE_VALUE);
	for (size_t type = 0; type < p->n_types; type++)
		proto_put_varint(out, (uint64_t)p->values[i * p->n_types + type]);
	proto_end(out, packed);
	for (uint32_t l = 0; l < set->count; l++)
		put_label(out, &p->labels[set->first + l]);
	proto_end(out, begun);
}

static void put_mapping(struct buf *out, const struct mapping *mapping, uint32_t id)
{
	size_t begun = proto_begin(out, PPROF_MAPPING);

	proto_put_number(out, PPROF_MAPPING_ID, id);
	put_if(out, PPROF_MAPPING_START, mapping->start);
	put_if(out, PPROF_MAPPING_LIMIT, mapping->limit);
	put_if(out, PPROF_MAPPING_OFFSET, mapping->offset);
	put_if(out, PPROF_MAPPING_FILE, mapping->file);
	put_if(out, PPROF_MAPPING_BUILD_ID, mapping->build_id);
	put_if(out, PPROF_MAPPING_HAS_FUNCTIONS, mapping->has_functions);
	put_if(out, PPROF_MAPPING_HAS_FILENAMES, mapping->has_filenames);
	put_if(out, PPROF_MAPPING_HAS_LINE_NUMBERS, mapping->has_line_numbers);
	put_if(out, PPROF_MAPPING_HAS_INLINE_FRAMES, mapping->has_inline_frames);
	proto_end(out, begun);
}

static void put_location(struct buf *out, const struct profile *p, uint32_t i)
{
	const struct location *location = &p->locations[i];
	size_t begun = proto_begin(out, PPROF_LOCATION);

	proto_put_number(out, PPROF_LOCATION_ID, (uint64_t)i + 1);
	put_if(out, PPROF_LOCATION_MAPPING, location->mapping);
	put_if(out, PPROF_LOCATION_ADDRESS, location->address);
	for (uint32_t l = 0; l < location->n_lines; l++) {
		const struct line *line = &p->lines[location->first_line + l];
		size_t line_begun = proto_begin(out, PPROF_LOCATION_LINE);

		proto_put_number(out, PPROF_LINE_FUNCTION, (uint64_t)line->function + 1);
		put_if(out, PPROF_LINE_LINE, (uint64_t)line->line);
		put_if(out, PPROF_LINE_COLUMN, (uint64_t)line->column);
		proto_end(out, line_begun);
	}
	put_if(out, PPROF_LOCATION_IS_FOLDED, location->is_folded);
	proto_end(out, begun);
}

static void put_function(struct buf *out, const struct function *function, uint32_t id)
{
	size_t begun = proto_begin(out, PPROF_FUNCTION);

	proto_put_number(out, PPROF_FUNCTION_ID, id);
	put_if(out, PPROF_FUNCTION_NAME, function->name);
	put_if(out, PPROF_FUNCTION_SYSTEM_NAME, function->system_name);
	put_if(out, PPROF_FUNCTION_FILE, function->file);
	put_if(out, PPROF_FUNCTION_START_LINE, (uint64_t)function->start_line);
	proto_end(out, begun);
}

static void put_strings(struct buf *out, const struct profile *p)
{
	size_t count = p->strings.count ? p->strings.count : 1;

	for (uint32_t i = 0; i < count; i++)
		proto_put_bytes(out, PPROF_STRING_TABLE, profile_text(p, i));
	if (p->accounting.known) {
		BUF_AUTO line = { 0 };

		accounting_to_comment(&p->accounting, &line);
		proto_put_bytes(out, PPROF_STRING_TABLE, buf_view(&line));
		out->failed |= line.failed;
		proto_put_number(out, PPROF_COMMENT, count);
	}
}

static void put_header(struct buf *out, const struct profile *p)
{
	put_if(out, PPROF_DROP_FRAMES, p->drop_frames);
	put_if(out, PPROF_KEEP_FRAMES, p->keep_frames);
	put_if(out, PPROF_TIME_NANOS, (uint64_t)p->time_ns);
	put_if(out, PPROF_DURATION_NANOS, (uint64_t)p->duration_ns);
	if (p->period_type.type || p->period_type.unit)
		put_value_type(out, PPROF_PERIOD_TYPE, &p->period_type);
	put_if(out, PPROF_PERIOD, (uint64_t)p->period);
	for (size_t i = 0; i < p->n_comments; i++)
		proto_put_number(out, PPROF_COMMENT, p->comments[i]);
	put_if(out, PPROF_DEFAULT_SAMPLE_TYPE, p->default_type);
	put_if(out, PPROF_DOC_URL, p->doc_url);
}

int pprof_encode(const struct profile *from, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < from->n_types; i++)
		put_value_type(out, PPROF_SAMPLE_TYPE, &from->types[i]);
	for (size_t i = 0; i < from->n_samples; i++)
		put_sample(out, from, i);
	for (uint32_t i = 1; i < from->n_mappings; i++)
		put_mapping(out, &from->mappings[i], i);
	for (uint32_t i = 0; i < from->n_locations; i++)
		put_location(out, from, i);
	for (uint32_t i = 0; i < from->n_functions; i++)
		put_function(out, &from->functions[i], i + 1);
	put_header(out, from);
	put_strings(out, from);
	return out->failed ? err_set(err, ERR_NOMEM, "the profile does not fit into memory") : 0;
}
