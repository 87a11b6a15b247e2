/* otlp_dictionary: the tables that all profiles of an OTLP message share. */
#include "base/vec.h"
#include "codec/otlp_scan.h"
#include "codec/pprof_format.h"

#define INDEX_NONE UINT32_MAX /* what no table has */

static uint32_t index_of(uint64_t number)
{
	return number < INDEX_NONE ? (uint32_t)number : INDEX_NONE;
}

static int scan_mapping(struct otlp_columns *c, struct view message)
{
	struct otlp_mapped *m = VEC_ADD(c->mappings, c->n_mappings, c->cap_mappings);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	if (!m)
		return otlp_scan_nomem(c);
	*m = (struct otlp_mapped){ 0 };
	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id == OTLP_MAPPING_ATTRIBUTES) {
			rc = otlp_scan_indices(c, &f, &m->attributes, OTLP_ATTRIBUTES_MAX);
			continue;
		}
		if (f.id && f.id < OTLP_MAPPING_ATTRIBUTES)
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
		if (f.id == OTLP_MAPPING_START)
			m->mapping.start = f.number;
		else if (f.id == OTLP_MAPPING_LIMIT)
			m->mapping.limit = f.number;
		else if (f.id == OTLP_MAPPING_OFFSET)
			m->mapping.offset = f.number;
		else if (f.id == OTLP_MAPPING_FILE)
			m->mapping.file = index_of(f.number);
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static int scan_line(struct otlp_columns *c, struct view message)
{
	struct line *line = VEC_ADD(c->lines, c->n_lines, c->cap_lines);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	if (!line)
		return otlp_scan_nomem(c);
	*line = (struct line){ 0 };
	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id && f.id <= OTLP_LINE_COLUMN)
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
		if (f.id == OTLP_LINE_FUNCTION)
			line->function = index_of(f.number);
		else if (f.id == OTLP_LINE_LINE)
			line->line = (int64_t)f.number;
		else if (f.id == OTLP_LINE_COLUMN)
			line->column = (int64_t)f.number;
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static int scan_location(struct otlp_columns *c, struct view message)
{
	struct otlp_place *place = VEC_ADD(c->locations, c->n_locations, c->cap_locations);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	if (!place)
		return otlp_scan_nomem(c);
	*place = (struct otlp_place){ .location.first_line = (uint32_t)c->n_lines };
	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id == OTLP_LOCATION_ATTRIBUTES) {
			rc = otlp_scan_indices(c, &f, &place->attributes, OTLP_ATTRIBUTES_MAX);
		} else if (f.id == OTLP_LOCATION_LINES) {
			if (place->location.n_lines++ == PPROF_LINES_MAX)
				return otlp_scan_fail(c, ERR_LIMIT, message.at,
					"a location of more than %zu lines", PPROF_LINES_MAX);
			rc = otlp_scan_wire(c, &f, PROTO_BYTES);
			if (rc == 0)
				rc = scan_line(c, f.bytes);
		} else if (f.id == OTLP_LOCATION_MAPPING || f.id == OTLP_LOCATION_ADDRESS) {
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
			if (f.id == OTLP_LOCATION_MAPPING)
				place->location.mapping = index_of(f.number);
			else
				place->location.address = f.number;
		}
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static int scan_function(struct otlp_columns *c, struct view message)
{
	struct function *function = VEC_ADD(c->functions, c->n_functions, c->cap_functions);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	if (!function)
		return otlp_scan_nomem(c);
	*function = (struct function){ 0 };
	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id && f.id <= OTLP_FUNCTION_START_LINE)
			rc = otlp_scan_wire(c, &f, PROTO_VARINT);
		if (f.id == OTLP_FUNCTION_NAME)
			function->name = index_of(f.number);
		else if (f.id == OTLP_FUNCTION_SYSTEM_NAME)
			function->system_name = index_of(f.number);
		else if (f.id == OTLP_FUNCTION_FILE)
			function->file = index_of(f.number);
		else if (f.id == OTLP_FUNCTION_START_LINE)
			function->start_line = (int64_t)f.number;
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static int scan_link(struct otlp_columns *c, struct view message)
{
	struct otlp_id_pair *link = VEC_ADD(c->links, c->n_links, c->cap_links);
	struct proto in = proto_of(message);
	struct proto_field f;

	if (!link)
		return otlp_scan_nomem(c);
	*link = (struct otlp_id_pair){ 0 };
	while (proto_next(&in, &f)) {
		if (f.id != OTLP_LINK_TRACE && f.id != OTLP_LINK_SPAN)
			continue;
		if (f.wire != PROTO_BYTES ||
			(f.bytes.len && f.bytes.len != (f.id == OTLP_LINK_TRACE ? 16 : 8)))
			return otlp_scan_fail(c, ERR_CORRUPT, message.at,
				"a trace id is not 16 bytes, or a span id not 8");
		*(f.id == OTLP_LINK_TRACE ? &link->trace : &link->span) = f.bytes;
	}
	return otlp_scan_end(c, &in);
}

static int scan_string(struct otlp_columns *c, struct view text)
{
	struct view *string = VEC_ADD(c->strings, c->n_strings, c->cap_strings);

	if (!string)
		return otlp_scan_nomem(c);
	*string = text;
	return 0;
}

/* Indexes of texts are resolved at the end: the unit's number waits in its length. Before 1.8 the
 * key was its own text. */
static int scan_attribute(struct otlp_columns *c, struct view message)
{
	struct otlp_attribute *a = VEC_ADD(c->attributes, c->n_attributes, c->cap_attributes);
	struct proto in = proto_of(message);
	struct proto_field f;

	if (!a)
		return otlp_scan_nomem(c);
	*a = (struct otlp_attribute){ 0 };
	while (proto_next(&in, &f)) {
		if (f.id == OTLP_VALUE && f.wire == PROTO_BYTES)
			a->value = f.bytes;
		else if (f.id == OTLP_KEY && f.wire == PROTO_BYTES)
			a->key = f.bytes;
		else if (f.id == OTLP_KEY && f.wire == PROTO_VARINT)
			a->key = (struct view){ NULL, index_of(f.number) };
		else if (f.id == OTLP_UNIT_OR_KEY && f.wire == PROTO_VARINT)
			a->unit = (struct view){ NULL, index_of(f.number) };
	}
	return otlp_scan_end(c, &in);
}

static int scan_stack(struct otlp_columns *c, struct view message)
{
	struct otlp_run *stack = VEC_ADD(c->stacks, c->n_stacks, c->cap_stacks);
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	if (!stack)
		return otlp_scan_nomem(c);
	*stack = (struct otlp_run){ 0 };
	while (rc == 0 && proto_next(&in, &f))
		if (f.id == OTLP_STACK_LOCATIONS)
			rc = otlp_scan_indices(c, &f, stack, PPROF_DEPTH_MAX);
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

static const struct table {
	const char *name;
	int (*scan)(struct otlp_columns *c, struct view message);
} tables[OTLP_TABLES] = {
	[OTLP_MAPPINGS] = { "mapping", scan_mapping },
	[OTLP_LOCATIONS] = { "location", scan_location },
	[OTLP_FUNCTIONS] = { "function", scan_function },
	[OTLP_LINKS] = { "link", scan_link },
	[OTLP_STRINGS] = { "string", scan_string },
	[OTLP_ATTRIBUTES] = { "attribute", scan_attribute },
	[OTLP_STACKS] = { "stack", scan_stack },
};

int otlp_dictionary_scan(struct otlp_columns *c, struct view message)
{
	size_t count[OTLP_TABLES] = { 0 };
	struct proto in = proto_of(message);
	struct proto_field f;
	int rc = 0;

	while (rc == 0 && proto_next(&in, &f)) {
		if (f.id == 0 || f.id >= OTLP_TABLES)
			continue;
		if (count[f.id]++ == PPROF_ENTRIES_MAX)
			return otlp_scan_fail(c, ERR_LIMIT, in.at,
				"more than %zu entries in the %s table", PPROF_ENTRIES_MAX,
				tables[f.id].name);
		rc = otlp_scan_wire(c, &f, PROTO_BYTES);
		if (rc == 0)
			rc = tables[f.id].scan(c, f.bytes);
		if (rc < 0)
			err_where(c->err, "%s %zu", tables[f.id].name, count[f.id] - 1);
	}
	return rc < 0 ? rc : otlp_scan_end(c, &in);
}

/* Whether an index is inside its table; 0 always is: it means none. */
static bool inside(uint32_t index, size_t count)
{
	return index == 0 || index < count;
}

static bool run_inside(const struct otlp_columns *c, const struct otlp_run *run, size_t count)
{
	for (uint32_t i = 0; i < run->count; i++)
		if (!inside(c->indices[run->first + i], count))
			return false;
	return true;
}

static int nowhere(const struct otlp_columns *c, enum otlp_dictionary table, size_t entry)
{
	return err_set(c->err, ERR_CORRUPT,
		"%s %zu names an entry that is nowhere in the dictionary", tables[table].name,
		entry);
}

static bool resolve(const struct otlp_columns *c, struct view *text)
{
	uint32_t index = (uint32_t)text->len;

	if (text->at || !inside(index, c->n_strings))
		return text->at;
	*text = index ? c->strings[index] : (struct view){ 0 };
	return true;
}

static int check_names(struct otlp_columns *c)
{
	for (size_t i = 0; i < c->n_attributes; i++)
		if (!resolve(c, &c->attributes[i].key) || !resolve(c, &c->attributes[i].unit))
			return nowhere(c, OTLP_ATTRIBUTES, i);
	for (size_t i = 0; i < c->n_functions; i++)
		if (!inside(c->functions[i].name, c->n_strings) ||
			!inside(c->functions[i].system_name, c->n_strings) ||
			!inside(c->functions[i].file, c->n_strings))
			return nowhere(c, OTLP_FUNCTIONS, i);
	for (size_t i = 0; i < c->n_mappings; i++)
		if (!inside(c->mappings[i].mapping.file, c->n_strings) ||
			!run_inside(c, &c->mappings[i].attributes, c->n_attributes))
			return nowhere(c, OTLP_MAPPINGS, i);
	return 0;
}

int otlp_dictionary_check(struct otlp_columns *c)
{
	int rc = check_names(c);

	if (rc < 0)
		return rc;
	if (c->n_strings && c->strings[0].len)
		return err_set(c->err, ERR_CORRUPT, "the first string is not empty");
	for (size_t i = 0; i < c->n_locations; i++) {
		const struct location *location = &c->locations[i].location;

		if (!inside(location->mapping, c->n_mappings) ||
			!run_inside(c, &c->locations[i].attributes, c->n_attributes))
			return nowhere(c, OTLP_LOCATIONS, i);
		for (uint32_t k = 0; k < location->n_lines; k++)
			if (!inside(c->lines[location->first_line + k].function, c->n_functions))
				return nowhere(c, OTLP_LOCATIONS, i);
	}
	for (size_t i = 0; i < c->n_stacks; i++)
		if (!run_inside(c, &c->stacks[i], c->n_locations))
			return nowhere(c, OTLP_STACKS, i);
	return 0;
}
