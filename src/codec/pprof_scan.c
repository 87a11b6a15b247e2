/* pprof_scan: a pprof message as flat columns, every rule and limit checked. */
#include "codec/pprof_scan.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "codec/pprof_scanner.h"

static const char *const part_names[PPROF_FIELDS] = {
	[PPROF_SAMPLE_TYPE] = "sample types",
	[PPROF_SAMPLE] = "samples",
	[PPROF_MAPPING] = "mappings",
	[PPROF_LOCATION] = "locations",
	[PPROF_FUNCTION] = "functions",
	[PPROF_STRING_TABLE] = "strings",
	[PPROF_COMMENT] = "comments",
};

int pprof_scan_fail(
	const struct pprof_scanner *s, int code, const void *at, const char *format, ...)
{
	char why[ERR_TEXT_MAX / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return err_set(
		s->err, code, "at byte %zu: %s", (size_t)((const char *)at - s->bytes.at), why);
}

int pprof_scan_nomem(const struct pprof_scanner *s)
{
	return err_set(s->err, ERR_NOMEM, "out of memory");
}

int pprof_scan_end(const struct pprof_scanner *s, const struct proto *in)
{
	return in->wrong ? pprof_scan_fail(s, ERR_CORRUPT, in->at, "%s", in->wrong) : 0;
}

int pprof_scan_wrong_wire(const struct pprof_scanner *s, const struct proto_field *field,
	enum proto_wire wire, const void *at)
{
	return pprof_scan_fail(s, ERR_CORRUPT, at, "field %u has wire type %u instead of %u",
		field->id, field->wire, wire);
}

int pprof_scan_no_string(const struct pprof_scanner *s, uint64_t index, const void *at)
{
	return pprof_scan_fail(s, ERR_CORRUPT, at, "string %llu of %zu", (unsigned long long)index,
		s->into->n_strings);
}

/* Pass one: where every kind of field is, how many there are, and the single numbers. */

static int survey_part(struct pprof_scanner *s, const struct proto *in,
	const struct proto_field *field, const uint8_t *at)
{
	struct pprof_part *part = &s->parts[field->id];

	if (!part->count++)
		part->from = at;
	part->to = in->at;
	if (part->count > PPROF_ENTRIES_MAX)
		return pprof_scan_fail(s, ERR_LIMIT, at, "more than %zu %s", PPROF_ENTRIES_MAX,
			part_names[field->id]);
	/* Comments are numbers, packed or not. */
	return field->id == PPROF_COMMENT ? 0 : pprof_scan_wire(s, field, PROTO_BYTES, at);
}

static int survey_field(struct pprof_scanner *s, const struct proto *in,
	const struct proto_field *field, const uint8_t *at)
{
	uint64_t *numbers = s->into->numbers;

	switch (field->id) {
	case PPROF_SAMPLE_TYPE:
	case PPROF_SAMPLE:
	case PPROF_MAPPING:
	case PPROF_LOCATION:
	case PPROF_FUNCTION:
	case PPROF_STRING_TABLE:
	case PPROF_COMMENT:
		return survey_part(s, in, field, at);
	case PPROF_PERIOD_TYPE:
		s->parts[field->id] = (struct pprof_part){ .from = at, .to = in->at, .count = 1 };
		return pprof_scan_wire(s, field, PROTO_BYTES, at);
	case PPROF_TIME_NANOS:
		/* The one field that every writer sets once tells when files were joined. */
		if (numbers[PPROF_TIME_NANOS])
			return pprof_scan_fail(s, ERR_CORRUPT, at,
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
	numbers[field->id] = field->number;
	return pprof_scan_wire(s, field, PROTO_VARINT, at);
}

static int survey(struct pprof_scanner *s)
{
	struct proto in = proto_of(s->bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	if (s->bytes.len > UINT32_MAX)
		return err_set(s->err, ERR_LIMIT, "a profile of %zu bytes; the limit is %u",
			s->bytes.len, UINT32_MAX);
	for (; rc == 0 && proto_next(&in, &field); at = in.at)
		rc = survey_field(s, &in, &field, at);
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

/* Pass two, but for what is in files of its own. */

static int scan_strings(struct pprof_scanner *s)
{
	struct proto in = pprof_scan_part(s, PPROF_STRING_TABLE);
	size_t count = s->parts[PPROF_STRING_TABLE].count;
	struct view *strings;
	struct proto_field field;

	if (count == 0)
		return pprof_scan_fail(
			s, ERR_CORRUPT, view_end(s->bytes), "no string table: not a profile");
	strings = s->into->strings = malloc(count * sizeof(*strings));
	if (!strings)
		return pprof_scan_nomem(s);
	while (pprof_scan_next(&in, PPROF_STRING_TABLE, &field))
		*strings++ = field.bytes;
	s->into->n_strings = count;
	if (s->into->strings[0].len)
		return pprof_scan_fail(
			s, ERR_CORRUPT, s->into->strings[0].at, "string 0 is not the empty one");
	return 0;
}

static int scan_value_type(struct pprof_scanner *s, struct view bytes, struct value_type *ret)
{
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field field;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &field); at = in.at) {
		if (field.id != PPROF_TYPE_NAME && field.id != PPROF_TYPE_UNIT)
			continue;
		rc = pprof_scan_wire(s, &field, PROTO_VARINT, at);
		if (rc == 0)
			rc = pprof_scan_string(s, field.number, at,
				field.id == PPROF_TYPE_NAME ? &ret->type : &ret->unit);
	}
	return rc < 0 ? rc : pprof_scan_end(s, &in);
}

static int scan_types(struct pprof_scanner *s)
{
	const struct pprof_part *part = &s->parts[PPROF_SAMPLE_TYPE];
	struct proto in = pprof_scan_part(s, PPROF_SAMPLE_TYPE);
	struct pprof_columns *c = s->into;
	struct proto_field field;
	int rc = 0;

	if (part->count > PROFILE_TYPES_MAX)
		return pprof_scan_fail(
			s, ERR_LIMIT, part->from, "more than %d sample types", PROFILE_TYPES_MAX);
	while (rc == 0 && pprof_scan_next(&in, PPROF_SAMPLE_TYPE, &field))
		rc = scan_value_type(s, field.bytes, &c->types[c->n_types++]);
	return rc;
}

static int scan_header(struct pprof_scanner *s)
{
	static const uint32_t texts[] = { PPROF_DROP_FRAMES, PPROF_KEEP_FRAMES,
		PPROF_DEFAULT_SAMPLE_TYPE, PPROF_DOC_URL };
	struct proto in = pprof_scan_part(s, PPROF_PERIOD_TYPE);
	struct proto_field field;
	uint32_t string;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		rc = pprof_scan_string(s, s->into->numbers[texts[i]], view_end(s->bytes), &string);
	if (rc == 0 && s->parts[PPROF_PERIOD_TYPE].count && proto_next(&in, &field))
		rc = scan_value_type(s, field.bytes, &s->into->period_type);
	return rc;
}

static int scan_comment(struct pprof_scanner *s, uint64_t index, const void *at)
{
	struct pprof_columns *c = s->into;
	uint32_t *added;

	if (c->n_comments == PPROF_COMMENTS_MAX)
		return pprof_scan_fail(
			s, ERR_LIMIT, at, "more than %zu comments", PPROF_COMMENTS_MAX);
	added = VEC_ADD(c->comments, c->n_comments, c->cap_comments);
	return added ? pprof_scan_string(s, index, at, added) : pprof_scan_nomem(s);
}

static int scan_comments(struct pprof_scanner *s)
{
	struct proto in = pprof_scan_part(s, PPROF_COMMENT);
	struct proto_field field;
	int rc = 0;

	while (rc == 0 && pprof_scan_next(&in, PPROF_COMMENT, &field)) {
		struct proto packed = proto_of(field.bytes);
		uint64_t index;

		if (field.wire == PROTO_VARINT)
			rc = scan_comment(s, field.number, in.at);
		while (field.wire == PROTO_BYTES && rc == 0 && packed.at < packed.end &&
			proto_varint(&packed, &index))
			rc = scan_comment(s, index, packed.at);
		if (rc == 0 && field.wire == PROTO_BYTES)
			rc = pprof_scan_end(s, &packed);
	}
	return rc;
}

int pprof_scan(struct view bytes, struct pprof_columns *ret, struct err *err)
{
	static int (*const passes[])(struct pprof_scanner *) = { survey, scan_strings, scan_types,
		scan_header, scan_comments, pprof_tables_scan, pprof_samples_scan };
	struct pprof_scanner s = { .bytes = bytes, .into = ret, .err = err };
	int rc = 0;

	*ret = (struct pprof_columns){ 0 };
	for (size_t i = 0; rc == 0 && i < sizeof(passes) / sizeof(passes[0]); i++)
		rc = passes[i](&s);
	pprof_ids_fini(&s.mappings);
	pprof_ids_fini(&s.functions);
	pprof_ids_fini(&s.locations);
	pprof_paths_fini(&s.paths);
	return rc;
}

void pprof_scan_fini(struct pprof_columns *columns)
{
	free(columns->strings);
	free(columns->mappings);
	free(columns->functions);
	free(columns->locations);
	free(columns->lines);
	free(columns->comments);
	stacks_fini(&columns->tree);
	free(columns->stacks);
	free(columns->sets);
	free(columns->values);
	free(columns->labels);
	free(columns->label_sets);
	*columns = (struct pprof_columns){ 0 };
}
