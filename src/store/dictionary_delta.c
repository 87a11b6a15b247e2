/* dictionary_delta: what a dictionary gained, written and read back. docs/formats/store.md */
#include <stdlib.h>

#include "base/vec.h"
#include "store/dictionary_tables.h"
#include "wire/proto.h"

#define VERSION 1

static int wrong(struct err *err, const char *what)
{
	return err_set(err, ERR_CORRUPT, "a dictionary's delta is damaged: %s", what);
}

/* ---- writing ---- */

static size_t strings_of(const struct profile *tables)
{
	return tables->strings.count ? tables->strings.count : 1;
}

static void mark(const struct store_dictionary *dictionary, struct dictionary_mark *ret)
{
	const struct profile *tables = dictionary->tables;

	*ret = (struct dictionary_mark){ strings_of(tables), tables->n_mappings,
		tables->n_functions, tables->n_locations, tables->stacks.count };
}

void dictionary_mark(const struct store_dictionary *dictionary, struct dictionary_mark *ret)
{
	pthread_rwlock_rdlock(dictionary->lock);
	mark(dictionary, ret);
	pthread_rwlock_unlock(dictionary->lock);
}

bool dictionary_mark_equal(const struct dictionary_mark *a, const struct dictionary_mark *b)
{
	return a->strings == b->strings && a->mappings == b->mappings &&
	       a->functions == b->functions && a->locations == b->locations && a->nodes == b->nodes;
}

static void put_mark(struct buf *out, const struct dictionary_mark *m)
{
	proto_put_varint(out, m->strings);
	proto_put_varint(out, m->mappings);
	proto_put_varint(out, m->functions);
	proto_put_varint(out, m->locations);
	proto_put_varint(out, m->nodes);
}

static void put_strings(struct buf *out, const struct profile *tables, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct view text = profile_text(tables, (uint32_t)i);

		proto_put_varint(out, text.len);
		buf_add_view(out, text);
	}
}

static void put_function(struct buf *out, const struct function *function)
{
	proto_put_varint(out, function->name);
	proto_put_varint(out, function->system_name);
	proto_put_varint(out, function->file);
	proto_put_varint(out, (uint64_t)function->start_line);
}

static void put_location(
	struct buf *out, const struct profile *tables, const struct location *location)
{
	proto_put_varint(out, location->mapping);
	proto_put_varint(out, (uint64_t)location->n_lines << 1 | location->is_folded);
	if (location->n_lines == 0)
		proto_put_varint(out, location->address);
	for (uint32_t i = 0; i < location->n_lines; i++) {
		const struct line *line = &tables->lines[location->first_line + i];

		proto_put_varint(out, line->function);
		proto_put_varint(out, (uint64_t)line->line);
		proto_put_varint(out, (uint64_t)line->column);
	}
}

void dictionary_delta(
	const struct store_dictionary *dictionary, struct dictionary_mark *since, struct buf *out)
{
	const struct profile *tables = dictionary->tables;
	struct dictionary_mark now;

	pthread_rwlock_rdlock(dictionary->lock);
	mark(dictionary, &now);
	buf_add_char(out, VERSION);
	put_mark(out, since);
	put_mark(out, &now);
	put_strings(out, tables, since->strings, now.strings);
	for (size_t i = since->mappings; i < now.mappings; i++) {
		proto_put_varint(out, tables->mappings[i].file);
		proto_put_varint(out, tables->mappings[i].build_id);
	}
	for (size_t i = since->functions; i < now.functions; i++)
		put_function(out, &tables->functions[i]);
	for (size_t i = since->locations; i < now.locations; i++)
		put_location(out, tables, &tables->locations[i]);
	for (size_t i = since->nodes; i < now.nodes; i++) {
		const struct stack_node *node = &tables->stacks.nodes[i];
		bool is_lost = node->parent == 0 && node->location == dictionary->lost;

		proto_put_varint(out, is_lost ? 0 : i - node->parent);
		proto_put_varint(out, node->location);
	}
	pthread_rwlock_unlock(dictionary->lock);
	*since = now;
}

/* ---- reading ---- */

struct replay {
	struct store_dictionary *dictionary;
	struct profile *tables;
	struct proto in;
	struct dictionary_mark to;
};

static bool take(struct replay *r, uint64_t *ret)
{
	return proto_varint(&r->in, ret);
}

/* A number below `limit`. */
static bool take_id(struct replay *r, size_t limit, uint32_t *ret)
{
	uint64_t number;

	if (!take(r, &number) || number >= limit)
		return false;
	*ret = (uint32_t)number;
	return true;
}

static bool take_mark(struct replay *r, struct dictionary_mark *ret)
{
	uint64_t at[5];

	for (size_t i = 0; i < 5; i++)
		if (!take(r, &at[i]) || at[i] > UINT32_MAX / 2)
			return false;
	*ret = (struct dictionary_mark){ at[0], at[1], at[2], at[3], at[4] };
	return true;
}

static bool take_strings(struct replay *r)
{
	while (strings_of(r->tables) < r->to.strings) {
		size_t id = strings_of(r->tables);
		uint64_t len;
		struct view text;

		if (!take(r, &len) || len > (size_t)(r->in.end - r->in.at))
			return false;
		text = (struct view){ (const char *)r->in.at, (size_t)len };
		r->in.at += len;
		if (profile_string(r->tables, text) != id)
			return false;
	}
	return true;
}

static bool take_mappings(struct replay *r)
{
	while (r->tables->n_mappings < r->to.mappings) {
		size_t id = r->tables->n_mappings;
		struct mapping mapping = { 0 };

		if (!take_id(r, r->to.strings, &mapping.file) ||
			!take_id(r, r->to.strings, &mapping.build_id) ||
			profile_mapping(r->tables, &mapping) != id)
			return false;
	}
	return true;
}

static bool take_functions(struct replay *r)
{
	while (r->tables->n_functions < r->to.functions) {
		size_t id = r->tables->n_functions;
		struct function function = { 0 };
		uint64_t start_line;

		if (!take_id(r, r->to.strings, &function.name) ||
			!take_id(r, r->to.strings, &function.system_name) ||
			!take_id(r, r->to.strings, &function.file) || !take(r, &start_line))
			return false;
		function.start_line = (int64_t)start_line;
		if (profile_function(r->tables, &function) != id)
			return false;
	}
	return true;
}

static bool take_lines(struct replay *r, struct line *lines, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t line, column;

		if (!take_id(r, r->to.functions, &lines[i].function) || !take(r, &line) ||
			!take(r, &column))
			return false;
		lines[i].line = (int64_t)line;
		lines[i].column = (int64_t)column;
	}
	return true;
}

static bool take_location(struct replay *r)
{
	size_t id = r->tables->n_locations;
	struct location location = { 0 };
	struct line *lines;
	uint64_t n;
	bool ok;

	if (!take_id(r, r->to.mappings, &location.mapping) || !take(r, &n) ||
		n >> 1 > (size_t)(r->in.end - r->in.at))
		return false;
	location.is_folded = n & 1;
	location.n_lines = (uint32_t)(n >> 1);
	if (location.n_lines == 0 && !take(r, &location.address))
		return false;
	lines = calloc((size_t)location.n_lines + 1, sizeof(*lines));
	ok = lines && take_lines(r, lines, location.n_lines) &&
	     profile_location(r->tables, &location, lines) == id &&
	     dictionary_tables_name(r->dictionary, (uint32_t)id);
	free(lines);
	return ok;
}

static bool take_nodes(struct replay *r)
{
	struct stacks *stacks = &r->tables->stacks;

	while (stacks->count < r->to.nodes) {
		size_t id = stacks->count;
		uint64_t back;
		uint32_t frame;

		if (!take(r, &back) || back > id || !take_id(r, r->to.locations, &frame))
			return false;
		if (back == 0) {
			r->dictionary->lost = frame;
			dictionary_tables_lose(r->dictionary, id + 1);
		} else if (stacks_push(stacks, (uint32_t)(id - back), frame) != id) {
			return false;
		}
	}
	return true;
}

static int begin(struct replay *r, struct err *err)
{
	struct dictionary_mark from, now;

	if (r->in.at == r->in.end || *r->in.at++ != VERSION)
		return wrong(err, "its version is not known");
	mark(r->dictionary, &now);
	if (!take_mark(r, &from) || !take_mark(r, &r->to) || !dictionary_mark_equal(&from, &now))
		return wrong(err, "it does not follow the one before");
	if (r->to.nodes >= r->dictionary->nodes_max)
		return wrong(err, "it has too many stacks");
	return 0;
}

bool dictionary_delta_from(struct view delta, struct dictionary_mark *ret)
{
	struct replay r = { .in = proto_of(delta) };

	return delta.len > 0 && *r.in.at++ == VERSION && take_mark(&r, ret);
}

int dictionary_replay(struct store_dictionary *dictionary, struct view delta, struct err *err)
{
	struct replay r = {
		.dictionary = dictionary, .tables = dictionary->tables, .in = proto_of(delta)
	};
	int rc;

	pthread_rwlock_wrlock(dictionary->lock);
	rc = begin(&r, err);
	if (rc == 0 && (!take_strings(&r) || !take_mappings(&r) || !take_functions(&r)))
		rc = wrong(err, "its names make no sense");
	while (rc == 0 && dictionary->tables->n_locations < r.to.locations)
		if (!take_location(&r))
			rc = wrong(err, "its frames make no sense");
	if (rc == 0 && (!take_nodes(&r) || r.in.at != r.in.end))
		rc = wrong(err, "its stacks make no sense");
	if (rc < 0 && dictionary->tables->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	atomic_store_explicit(
		&dictionary->n_nodes, dictionary->tables->stacks.count, memory_order_release);
	pthread_rwlock_unlock(dictionary->lock);
	return rc;
}
