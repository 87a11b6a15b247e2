/* pprof_tables: the mappings, functions and locations of a pprof message. */
#include <stdlib.h>

#include "base/vec.h"
#include "codec/pprof_scanner.h"

/* Names the entry that was just added; `what` says of which table. */
static int add_id(const struct pprof_scanner *s, struct pprof_ids *ids, uint64_t id, const void *at,
	const char *what)
{
	if (id == 0)
		return pprof_scan_fail(s, ERR_CORRUPT, at, "a %s with id 0", what);
	switch (pprof_ids_add(ids, id)) {
	case 0:
		return 0;
	case ERR_CORRUPT:
		return pprof_scan_fail(s, ERR_CORRUPT, at, "a second %s with id %llu", what,
			(unsigned long long)id);
	default:
		return pprof_scan_nomem(s);
	}
}

static int mapping_field(const struct pprof_scanner *s, const struct proto_field *f,
	const uint8_t *at, struct mapping *mapping, uint64_t *ret_id)
{
	switch ((enum pprof_mapping)f->id) {
	case PPROF_MAPPING_ID:
		*ret_id = f->number;
		break;
	case PPROF_MAPPING_START:
		mapping->start = f->number;
		break;
	case PPROF_MAPPING_LIMIT:
		mapping->limit = f->number;
		break;
	case PPROF_MAPPING_OFFSET:
		mapping->offset = f->number;
		break;
	case PPROF_MAPPING_FILE:
		return pprof_scan_string(s, f->number, at, &mapping->file);
	case PPROF_MAPPING_BUILD_ID:
		return pprof_scan_string(s, f->number, at, &mapping->build_id);
	case PPROF_MAPPING_HAS_FUNCTIONS:
		mapping->has_functions = f->number;
		break;
	case PPROF_MAPPING_HAS_FILENAMES:
		mapping->has_filenames = f->number;
		break;
	case PPROF_MAPPING_HAS_LINE_NUMBERS:
		mapping->has_line_numbers = f->number;
		break;
	case PPROF_MAPPING_HAS_INLINE_FRAMES:
		mapping->has_inline_frames = f->number;
		break;
	}
	return 0;
}

static int scan_mapping(struct pprof_scanner *s, struct view bytes)
{
	struct mapping *mapping = &s->into->mappings[s->into->n_mappings++];
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t id = 0;
	int rc = 0;

	*mapping = (struct mapping){ 0 };
	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_MAPPING_ID || f.id > PPROF_MAPPING_HAS_INLINE_FRAMES)
			continue;
		rc = pprof_scan_wire(s, &f, PROTO_VARINT, at);
		if (rc == 0)
			rc = mapping_field(s, &f, at, mapping, &id);
	}
	if (rc == 0)
		rc = pprof_scan_end(s, &in);
	return rc < 0 ? rc : add_id(s, &s->mappings, id, bytes.at, "mapping");
}

static int function_field(const struct pprof_scanner *s, const struct proto_field *f,
	const uint8_t *at, struct function *function, uint64_t *ret_id)
{
	switch ((enum pprof_function)f->id) {
	case PPROF_FUNCTION_ID:
		*ret_id = f->number;
		break;
	case PPROF_FUNCTION_NAME:
		return pprof_scan_string(s, f->number, at, &function->name);
	case PPROF_FUNCTION_SYSTEM_NAME:
		return pprof_scan_string(s, f->number, at, &function->system_name);
	case PPROF_FUNCTION_FILE:
		return pprof_scan_string(s, f->number, at, &function->file);
	case PPROF_FUNCTION_START_LINE:
		function->start_line = (int64_t)f->number;
		break;
	}
	return 0;
}

static int scan_function(struct pprof_scanner *s, struct view bytes)
{
	struct function *function = &s->into->functions[s->into->n_functions++];
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t id = 0;
	int rc = 0;

	*function = (struct function){ 0 };
	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_FUNCTION_ID || f.id > PPROF_FUNCTION_START_LINE)
			continue;
		rc = pprof_scan_wire(s, &f, PROTO_VARINT, at);
		if (rc == 0)
			rc = function_field(s, &f, at, function, &id);
	}
	if (rc == 0)
		rc = pprof_scan_end(s, &in);
	return rc < 0 ? rc : add_id(s, &s->functions, id, bytes.at, "function");
}

static int add_line(
	struct pprof_scanner *s, struct location *location, const struct line *line, const void *at)
{
	struct pprof_columns *c = s->into;
	struct line *added;

	if (location->n_lines == PPROF_LINES_MAX)
		return pprof_scan_fail(
			s, ERR_LIMIT, at, "a location of more than %zu lines", PPROF_LINES_MAX);
	added = VEC_ADD(c->lines, c->n_lines, c->cap_lines);
	if (!added)
		return pprof_scan_nomem(s);
	*added = *line;
	location->n_lines++;
	return 0;
}

static int scan_line(struct pprof_scanner *s, struct view bytes, struct location *location)
{
	struct line line = { 0 };
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t function = 0;
	int rc = 0;

	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_LINE_FUNCTION || f.id > PPROF_LINE_COLUMN)
			continue;
		rc = pprof_scan_wire(s, &f, PROTO_VARINT, at);
		if (f.id == PPROF_LINE_FUNCTION)
			function = f.number;
		else if (f.id == PPROF_LINE_LINE)
			line.line = (int64_t)f.number;
		else
			line.column = (int64_t)f.number;
	}
	if (rc == 0)
		rc = pprof_scan_end(s, &in);
	if (rc < 0)
		return rc;
	line.function = pprof_ids_find(&s->functions, function);
	if (line.function == PPROF_IDS_NONE)
		return pprof_scan_fail(s, ERR_CORRUPT, bytes.at,
			"a line of function %llu, which is nowhere", (unsigned long long)function);
	return add_line(s, location, &line, bytes.at);
}

static int location_field(struct pprof_scanner *s, const struct proto_field *f, const uint8_t *at,
	struct location *location, uint64_t *ret_id)
{
	switch ((enum pprof_location)f->id) {
	case PPROF_LOCATION_ID:
		*ret_id = f->number;
		break;
	case PPROF_LOCATION_MAPPING:
		/* PPROF_IDS_NONE plus one is 0: "none" for mapping 0 only. */
		location->mapping = pprof_ids_find(&s->mappings, f->number) + 1;
		if (f->number && !location->mapping)
			return pprof_scan_fail(s, ERR_CORRUPT, at,
				"a location in mapping %llu, which is nowhere",
				(unsigned long long)f->number);
		break;
	case PPROF_LOCATION_ADDRESS:
		location->address = f->number;
		break;
	case PPROF_LOCATION_LINE:
		return scan_line(s, f->bytes, location);
	case PPROF_LOCATION_IS_FOLDED:
		location->is_folded = f->number;
		break;
	}
	return 0;
}

static int scan_location(struct pprof_scanner *s, struct view bytes)
{
	struct location *location = &s->into->locations[s->into->n_locations++];
	struct proto in = proto_of(bytes);
	const uint8_t *at = in.at;
	struct proto_field f;
	uint64_t id = 0;
	int rc = 0;

	*location = (struct location){ .first_line = (uint32_t)s->into->n_lines };
	for (; rc == 0 && proto_next(&in, &f); at = in.at) {
		if (f.id < PPROF_LOCATION_ID || f.id > PPROF_LOCATION_IS_FOLDED)
			continue;
		rc = pprof_scan_wire(
			s, &f, f.id == PPROF_LOCATION_LINE ? PROTO_BYTES : PROTO_VARINT, at);
		if (rc == 0)
			rc = location_field(s, &f, at, location, &id);
	}
	if (rc == 0)
		rc = pprof_scan_end(s, &in);
	return rc < 0 ? rc : add_id(s, &s->locations, id, bytes.at, "location");
}

static int scan_table(struct pprof_scanner *s, uint32_t id, struct pprof_ids *ids,
	int (*scan)(struct pprof_scanner *, struct view))
{
	struct proto in = pprof_scan_part(s, id);
	struct proto_field field;
	int rc = 0;

	pprof_ids_init(ids, s->parts[id].count);
	while (rc == 0 && pprof_scan_next(&in, id, &field))
		rc = scan(s, field.bytes);
	return rc;
}

#define ROOM(array, count) ((array) = malloc(((count) + 1) * sizeof(*(array))))

int pprof_tables_scan(struct pprof_scanner *s)
{
	struct pprof_columns *c = s->into;
	int rc;

	if (!ROOM(c->mappings, s->parts[PPROF_MAPPING].count) ||
		!ROOM(c->functions, s->parts[PPROF_FUNCTION].count) ||
		!ROOM(c->locations, s->parts[PPROF_LOCATION].count) ||
		!VEC_FITS(c->lines, c->cap_lines, s->parts[PPROF_LOCATION].count))
		return pprof_scan_nomem(s);
	rc = scan_table(s, PPROF_MAPPING, &s->mappings, scan_mapping);
	if (rc == 0)
		rc = scan_table(s, PPROF_FUNCTION, &s->functions, scan_function);
	if (rc == 0)
		rc = scan_table(s, PPROF_LOCATION, &s->locations, scan_location);
	return rc;
}
