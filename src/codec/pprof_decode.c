/* pprof_decode: a pprof message, surveyed once and then read table by table. */
#include "codec/pprof_decoder.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"

static const char *const part_names[PPROF_FIELDS] = {
	[PPROF_SAMPLE_TYPE] = "sample types",
	[PPROF_SAMPLE] = "samples",
	[PPROF_MAPPING] = "mappings",
	[PPROF_LOCATION] = "locations",
	[PPROF_FUNCTION] = "functions",
	[PPROF_STRING_TABLE] = "strings",
	[PPROF_COMMENT] = "comments",
};

int pprof_decoder_fail(
	const struct pprof_decoder *d, int code, const void *at, const char *format, ...)
{
	char why[ERR_TEXT_MAX / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return err_set(
		d->err, code, "at byte %zu: %s", (size_t)((const char *)at - d->bytes.at), why);
}

int pprof_decoder_end(const struct pprof_decoder *d, const struct proto *in)
{
	return in->wrong ? pprof_decoder_fail(d, ERR_CORRUPT, in->at, "%s", in->wrong) : 0;
}

int pprof_decoder_wire(const struct pprof_decoder *d, const struct proto_field *field,
	enum proto_wire wire, const void *at)
{
	if (field->wire == wire)
		return 0;
	return pprof_decoder_fail(d, ERR_CORRUPT, at, "field %u has wire type %u instead of %u",
		field->id, field->wire, wire);
}

int pprof_decoder_string(
	struct pprof_decoder *d, uint64_t index, const void *at, uint32_t *ret_string)
{
	if (index >= d->n_strings)
		return pprof_decoder_fail(d, ERR_CORRUPT, at, "string %llu of %zu",
			(unsigned long long)index, d->n_strings);
	if (d->string_ids[index] == PROFILE_NONE)
		d->string_ids[index] = profile_string(d->into, d->strings[index]);
	*ret_string = d->string_ids[index];
	return 0;
}

/* Pass one: where every kind of field is, how many there are, and the single numbers. */

static int survey_part(struct pprof_decoder *d, const struct proto *in,
	const struct proto_field *field, const uint8_t *at)
{
	struct pprof_part *part = &d->parts[field->id];

	if (!part->count++)
		part->from = at;
	part->to = in->at;
	if (part->count > PPROF_ENTRIES_MAX)
		return pprof_decoder_fail(d, ERR_LIMIT, at, "more than %zu %s", PPROF_ENTRIES_MAX,
			part_names[field->id]);
	/* Comments are numbers, packed or not. */
	return field->id == PPROF_COMMENT ? 0 : pprof_decoder_wire(d, field, PROTO_BYTES, at);
}

static int survey_field(struct pprof_decoder *d, const struct proto *in,
	const struct proto_field *field, const uint8_t *at)
{
	switch (field->id) {
	case PPROF_SAMPLE_TYPE:
	case PPROF_SAMPLE:
	case PPROF_MAPPING:
	case PPROF_LOCATION:
	case PPROF_FUNCTION:
	case PPROF_STRING_TABLE:
	case PPROF_COMMENT:
		return survey_part(d, in, field, at);
	case PPROF_PERIOD_TYPE:
		d->parts[field->id] = (struct pprof_part){ .from = at, .to = in->at, .count = 1 };
		return pprof_decoder_wire(d, field, PROTO_BYTES, at);
	case PPROF_TIME_NANOS:
		/* The one field that every writer sets once tells when files were joined. */
		if (d->numbers[PPROF_TIME_NANOS])
			return pprof_decoder_fail(d, ERR_CORRUPT, at,
				"a second profile follows the first; give them as two files");
		break;
	case PPROF_DROP_FRAMES:
	case PPROF_KEEP_FRAMES:
	case PPROF_DURATION_NANOS:
	case PPROF_PERIOD:
	case PPROF_DEFAULT_SAMPLE_TYPE:
	case PPROF_DOC_URL:
		break;
	default:
		return 0;
	}
	d->numbers[field->id] = field->number;
	return pprof_decoder_wire(d, field, PROTO_VARINT, at);
}

static int survey(struct pprof_decoder *d)
{
	struct proto in = proto_of(d->bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &field); at = in.at)
		rc = survey_field(d, &in, &field, at);
	return rc < 0 ? rc : pprof_decoder_end(d, &in);
}

/* Pass two. A part was surveyed, so its framing is known to be sound. */

static bool next_of(struct proto *in, uint32_t id, struct proto_field *ret)
{
	while (proto_next(in, ret))
		if (ret->id == id)
			return true;
	return false;
}

static struct proto part_of(const struct pprof_decoder *d, uint32_t id)
{
	return (struct proto){ .at = d->parts[id].from, .end = d->parts[id].to };
}

static int index_strings(struct pprof_decoder *d)
{
	struct proto in = part_of(d, PPROF_STRING_TABLE);
	size_t count = d->parts[PPROF_STRING_TABLE].count;
	struct proto_field field;

	if (count == 0)
		return pprof_decoder_fail(
			d, ERR_CORRUPT, view_end(d->bytes), "no string table: not a profile");
	d->strings = malloc(count * sizeof(*d->strings));
	d->string_ids = malloc(count * sizeof(*d->string_ids));
	if (!d->strings || !d->string_ids)
		return err_set(d->err, ERR_NOMEM, "no memory for %zu strings", count);
	memset(d->string_ids, 0xff, count * sizeof(*d->string_ids));
	while (next_of(&in, PPROF_STRING_TABLE, &field))
		d->strings[d->n_strings++] = field.bytes;
	if (d->strings[0].len)
		return pprof_decoder_fail(
			d, ERR_CORRUPT, d->strings[0].at, "string 0 is not the empty one");
	d->string_ids[0] = 0;
	return 0;
}

static int decode_value_type(struct pprof_decoder *d, struct view bytes, struct value_type *ret)
{
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &field); at = in.at) {
		if (field.id != PPROF_TYPE_NAME && field.id != PPROF_TYPE_UNIT)
			continue;
		rc = pprof_decoder_wire(d, &field, PROTO_VARINT, at);
		if (rc == 0)
			rc = pprof_decoder_string(d, field.number, at,
				field.id == PPROF_TYPE_NAME ? &ret->type : &ret->unit);
	}
	return rc < 0 ? rc : pprof_decoder_end(d, &in);
}

static int decode_types(struct pprof_decoder *d)
{
	struct proto in = part_of(d, PPROF_SAMPLE_TYPE);
	struct proto_field field;
	int rc = 0;

	while (rc == 0 && next_of(&in, PPROF_SAMPLE_TYPE, &field)) {
		struct value_type type = { 0 };

		rc = decode_value_type(d, field.bytes, &type);
		if (rc == 0)
			rc = profile_add_type(d->into, profile_text(d->into, type.type),
				profile_text(d->into, type.unit), d->err);
	}
	return rc;
}

static int decode_mapping(struct pprof_decoder *d, struct view bytes)
{
	struct mapping mapping = { 0 };
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t id = 0;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_MAPPING_ID || f.id > PPROF_MAPPING_HAS_INLINE_FRAMES)
			continue;
		rc = pprof_decoder_wire(d, &f, PROTO_VARINT, at);
		if (rc < 0)
			return rc;
		switch ((enum pprof_mapping)f.id) {
		case PPROF_MAPPING_ID:
			id = f.number;
			break;
		case PPROF_MAPPING_START:
			mapping.start = f.number;
			break;
		case PPROF_MAPPING_LIMIT:
			mapping.limit = f.number;
			break;
		case PPROF_MAPPING_OFFSET:
			mapping.offset = f.number;
			break;
		case PPROF_MAPPING_FILE:
			rc = pprof_decoder_string(d, f.number, at, &mapping.file);
			break;
		case PPROF_MAPPING_BUILD_ID:
			rc = pprof_decoder_string(d, f.number, at, &mapping.build_id);
			break;
		case PPROF_MAPPING_HAS_FUNCTIONS:
			mapping.has_functions = f.number;
			break;
		case PPROF_MAPPING_HAS_FILENAMES:
			mapping.has_filenames = f.number;
			break;
		case PPROF_MAPPING_HAS_LINE_NUMBERS:
			mapping.has_line_numbers = f.number;
			break;
		case PPROF_MAPPING_HAS_INLINE_FRAMES:
			mapping.has_inline_frames = f.number;
			break;
		}
	}
	if (rc == 0)
		rc = pprof_decoder_end(d, &in);
	if (rc < 0)
		return rc;
	if (id == 0)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at, "a mapping with id 0");
	if (pprof_ids_add(&d->mappings, id, profile_mapping(d->into, &mapping)) == ERR_CORRUPT)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at, "a second mapping with id %llu",
			(unsigned long long)id);
	return 0;
}

static int decode_function(struct pprof_decoder *d, struct view bytes)
{
	struct function function = { 0 };
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t id = 0;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_FUNCTION_ID || f.id > PPROF_FUNCTION_START_LINE)
			continue;
		rc = pprof_decoder_wire(d, &f, PROTO_VARINT, at);
		if (rc < 0)
			return rc;
		switch ((enum pprof_function)f.id) {
		case PPROF_FUNCTION_ID:
			id = f.number;
			break;
		case PPROF_FUNCTION_NAME:
			rc = pprof_decoder_string(d, f.number, at, &function.name);
			break;
		case PPROF_FUNCTION_SYSTEM_NAME:
			rc = pprof_decoder_string(d, f.number, at, &function.system_name);
			break;
		case PPROF_FUNCTION_FILE:
			rc = pprof_decoder_string(d, f.number, at, &function.file);
			break;
		case PPROF_FUNCTION_START_LINE:
			function.start_line = (int64_t)f.number;
			break;
		}
	}
	if (rc == 0)
		rc = pprof_decoder_end(d, &in);
	if (rc < 0)
		return rc;
	if (id == 0)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at, "a function with id 0");
	if (pprof_ids_add(&d->functions, id, profile_function(d->into, &function)) == ERR_CORRUPT)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at,
			"a second function with id %llu", (unsigned long long)id);
	return 0;
}

static int decode_line(struct pprof_decoder *d, struct view bytes)
{
	struct line line = { .function = PROFILE_NONE };
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	struct line *added;
	uint64_t function = 0;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_LINE_FUNCTION || f.id > PPROF_LINE_COLUMN)
			continue;
		rc = pprof_decoder_wire(d, &f, PROTO_VARINT, at);
		if (f.id == PPROF_LINE_FUNCTION)
			function = f.number;
		else if (f.id == PPROF_LINE_LINE)
			line.line = (int64_t)f.number;
		else
			line.column = (int64_t)f.number;
	}
	if (rc == 0)
		rc = pprof_decoder_end(d, &in);
	if (rc < 0)
		return rc;
	line.function = pprof_ids_find(&d->functions, function);
	if (line.function == PPROF_IDS_NONE)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at,
			"a line of function %llu, which is nowhere", (unsigned long long)function);
	if (d->n_lines == PPROF_LINES_MAX)
		return pprof_decoder_fail(d, ERR_LIMIT, bytes.at,
			"a location of more than %zu lines", PPROF_LINES_MAX);
	added = VEC_ADD(d->lines, d->n_lines, d->cap_lines);
	if (!added)
		return err_set(d->err, ERR_NOMEM, "out of memory");
	*added = line;
	return 0;
}

static int decode_location_field(struct pprof_decoder *d, const struct proto_field *f,
	const uint8_t *at, struct location *location, uint64_t *id)
{
	bool is_line = f->id == PPROF_LOCATION_LINE;
	int rc;

	if (f->id < PPROF_LOCATION_ID || f->id > PPROF_LOCATION_IS_FOLDED)
		return 0;
	rc = pprof_decoder_wire(d, f, is_line ? PROTO_BYTES : PROTO_VARINT, at);
	if (rc < 0)
		return rc;
	switch ((enum pprof_location)f->id) {
	case PPROF_LOCATION_ID:
		*id = f->number;
		break;
	case PPROF_LOCATION_MAPPING:
		location->mapping = f->number ? pprof_ids_find(&d->mappings, f->number) : 0;
		if (location->mapping == PPROF_IDS_NONE)
			return pprof_decoder_fail(d, ERR_CORRUPT, at,
				"a location in mapping %llu, which is nowhere",
				(unsigned long long)f->number);
		break;
	case PPROF_LOCATION_ADDRESS:
		location->address = f->number;
		break;
	case PPROF_LOCATION_LINE:
		return decode_line(d, f->bytes);
	case PPROF_LOCATION_IS_FOLDED:
		location->is_folded = f->number;
		break;
	}
	return 0;
}

static int decode_location(struct pprof_decoder *d, struct view bytes)
{
	struct location location = { 0 };
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	uint64_t id = 0;
	uint32_t added;
	int rc = 0;

	d->n_lines = 0;
	for (; rc == 0 && proto_next(&in, &field); at = in.at)
		rc = decode_location_field(d, &field, at, &location, &id);
	if (rc == 0)
		rc = pprof_decoder_end(d, &in);
	if (rc < 0)
		return rc;
	if (id == 0)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at, "a location with id 0");
	location.n_lines = (uint32_t)d->n_lines;
	if (d->into->failed)
		return err_set(d->err, ERR_NOMEM, "out of memory");
	added = profile_location(d->into, &location, d->lines);
	if (pprof_ids_add(&d->locations, id, added) == ERR_CORRUPT)
		return pprof_decoder_fail(d, ERR_CORRUPT, bytes.at,
			"a second location with id %llu", (unsigned long long)id);
	return 0;
}

static int decode_part(struct pprof_decoder *d, uint32_t id, struct pprof_ids *ids,
	int (*decode)(struct pprof_decoder *, struct view))
{
	struct proto in = part_of(d, id);
	struct proto_field field;
	int rc = 0;

	if (!pprof_ids_init(ids, d->parts[id].count))
		return err_set(d->err, ERR_NOMEM, "no memory for %zu %s", d->parts[id].count,
			part_names[id]);
	while (rc == 0 && next_of(&in, id, &field))
		rc = decode(d, field.bytes);
	return rc;
}

static int decode_comment(struct pprof_decoder *d, uint64_t index, const void *at)
{
	struct accounting accounting;
	uint32_t string;
	int rc;

	if (d->into->n_comments == PPROF_COMMENTS_MAX)
		return pprof_decoder_fail(
			d, ERR_LIMIT, at, "more than %zu comments", PPROF_COMMENTS_MAX);
	rc = pprof_decoder_string(d, index, at, &string);
	if (rc < 0 || d->into->failed)
		return rc;
	if (accounting_from_comment(profile_text(d->into, string), &accounting))
		accounting_merge(&d->into->accounting, &accounting);
	else
		profile_comment(d->into, profile_text(d->into, string));
	return 0;
}

static int decode_comments(struct pprof_decoder *d)
{
	struct proto in = part_of(d, PPROF_COMMENT);
	struct proto_field field;
	int rc = 0;

	while (rc == 0 && next_of(&in, PPROF_COMMENT, &field)) {
		struct proto packed = proto_of(field.bytes);
		uint64_t index;

		if (field.wire == PROTO_VARINT)
			rc = decode_comment(d, field.number, in.at);
		while (field.wire == PROTO_BYTES && rc == 0 && packed.at < packed.end &&
			proto_varint(&packed, &index))
			rc = decode_comment(d, index, packed.at);
		if (rc == 0 && field.wire == PROTO_BYTES)
			rc = pprof_decoder_end(d, &packed);
	}
	return rc;
}

static int decode_header(struct pprof_decoder *d)
{
	const struct pprof_part *part = &d->parts[PPROF_PERIOD_TYPE];
	struct proto in = part_of(d, PPROF_PERIOD_TYPE);
	struct profile *into = d->into;
	const struct {
		uint32_t id;
		uint32_t *string;
	} texts[] = {
		{ PPROF_DROP_FRAMES, &into->drop_frames },
		{ PPROF_KEEP_FRAMES, &into->keep_frames },
		{ PPROF_DEFAULT_SAMPLE_TYPE, &into->default_type },
		{ PPROF_DOC_URL, &into->doc_url },
	};
	struct proto_field field;
	int rc = 0;

	into->time_ns = (int64_t)d->numbers[PPROF_TIME_NANOS];
	into->duration_ns = (int64_t)d->numbers[PPROF_DURATION_NANOS];
	into->period = (int64_t)d->numbers[PPROF_PERIOD];
	for (size_t i = 0; rc == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		rc = pprof_decoder_string(
			d, d->numbers[texts[i].id], view_end(d->bytes), texts[i].string);
	if (rc == 0 && part->count && proto_next(&in, &field))
		rc = decode_value_type(d, field.bytes, &into->period_type);
	return rc;
}

static int decode_all(struct pprof_decoder *d)
{
	int rc = survey(d);

	if (rc == 0)
		rc = index_strings(d);
	if (rc == 0)
		rc = decode_types(d);
	if (rc == 0)
		rc = decode_header(d);
	if (rc == 0)
		rc = decode_comments(d);
	if (rc == 0)
		rc = decode_part(d, PPROF_MAPPING, &d->mappings, decode_mapping);
	if (rc == 0)
		rc = decode_part(d, PPROF_FUNCTION, &d->functions, decode_function);
	if (rc == 0)
		rc = decode_part(d, PPROF_LOCATION, &d->locations, decode_location);
	if (rc == 0)
		rc = pprof_samples_decode(d);
	if (rc == 0 && d->into->failed)
		rc = err_set(d->err, ERR_NOMEM, "out of memory");
	return rc;
}

int pprof_decode(struct view bytes, struct profile *into, struct err *err)
{
	struct pprof_decoder d = { .bytes = bytes, .into = into, .err = err };
	int rc;

	assert(into->n_types == 0);
	rc = decode_all(&d);
	free(d.strings);
	free(d.string_ids);
	free(d.lines);
	pprof_ids_fini(&d.mappings);
	pprof_ids_fini(&d.functions);
	pprof_ids_fini(&d.locations);
	return rc;
}
