/* objnames: all we know about the names in one object, and the answers already given. */
#include "symbol/objnames.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/vec.h"
#include "object/object.h"
#include "symbol/demangle.h"
#include "symbol/dwarfchild.h"
#include "symbol/gonames.h"
#include "symbol/linecache.h"
#include "symbol/symcache.h"

_Static_assert(GONAMES_INLINED_MAX <= OBJNAMES_FRAMES_MAX, "all frames fit");
_Static_assert(DWARFREPLY_INLINED_MAX <= OBJNAMES_FRAMES_MAX, "all frames fit");

static void drop_answers(struct objnames *names)
{
	arena_fini(&names->text);
	map_fini(&names->span_of);
	map_fini(&names->name_of);
	free(names->frames);
	free(names->names);
	names->frames = NULL;
	names->names = NULL;
	names->n_frames = names->cap_frames = names->n_names = names->cap_names = 0;
	arena_init(&names->text, OBJNAMES_TEXT_MAX);
}

void objnames_fini(struct objnames *names)
{
	drop_answers(names);
	objtables_unload(&names->tables);
	*names = (struct objnames){ 0 };
}

size_t objnames_bytes(const struct objnames *names)
{
	return sizeof(*names) + objtables_bytes(&names->tables) + names->text.used +
	       names->cap_frames * sizeof(*names->frames) +
	       names->cap_names * sizeof(*names->names) +
	       (names->span_of.cap + names->name_of.cap) * (sizeof(struct map_slot) + 1);
}

/* A copy that lives as long as the answers, and its name for people. False without memory. */
static bool intern(struct objnames *names, struct view from, const struct objnames_options *options,
	struct objnames_name *ret)
{
	BUF_AUTO text = { 0 };
	struct objnames_name *added;
	uint64_t *place;

	if (from.len == 0) {
		*ret = (struct objnames_name){ 0 };
		return true;
	}
	if (from.len > DEMANGLE_OUTPUT_MAX)
		from.len = DEMANGLE_OUTPUT_MAX;
	place = map_add(&names->name_of, hash_view(from), NULL);
	if (!place)
		return false;
	if (*place && view_equal(names->names[*place - 1].from, from)) {
		*ret = names->names[*place - 1];
		return true;
	}
	if (!options->no_demangle)
		demangle(from, &text);
	ret->from = (struct view){ arena_copy(&names->text, from), from.len };
	ret->to = ret->from;
	if (text.len && !text.failed && !view_equal(buf_view(&text), from))
		ret->to = (struct view){ arena_copy(&names->text, buf_view(&text)), text.len };
	added = VEC_ADD(names->names, names->n_names, names->cap_names);
	if (!ret->from.at || !ret->to.at || !added)
		return false;
	*added = *ret;
	*place = names->n_names;
	return true;
}

/* Adds a frame to the answer being made. */
static bool add_frame(struct objnames *names, const struct objnames_frame *frame)
{
	struct objnames_frame *added = VEC_ADD(names->frames, names->n_frames, names->cap_frames);

	if (added)
		*added = *frame;
	return added != NULL;
}

/* Ends the answer: all frames since `first` are at the address. */
static void set_answer(struct objnames *names, uint64_t address, size_t first)
{
	uint64_t *span = map_add(&names->span_of, address, NULL);

	if (span)
		*span = (uint64_t)first << 8 | (names->n_frames - first);
}

static bool answer_go(
	struct objnames *names, uint64_t address, const struct objnames_options *options)
{
	struct gonames_frame frames[GONAMES_INLINED_MAX];
	struct objnames_options plain = *options;
	size_t n, first = names->n_frames;
	struct objnames_name name, file;

	n = names->tables.go ? gonames_find(names->tables.go, address, frames) : 0;
	plain.no_demangle = true;
	for (size_t i = 0; i < n; i++) {
		struct objnames_frame frame = { .line = frames[i].line,
			.start_line = frames[i].start_line };

		if (!intern(names, frames[i].name, &plain, &name) ||
			!intern(names, frames[i].file, &plain, &file))
			return false;
		frame.name = frame.system_name = name.from;
		if (!options->no_lines)
			frame.file = file.from;
		else
			frame.line = frame.start_line = 0;
		if (!add_frame(names, &frame))
			return false;
	}
	if (n)
		set_answer(names, address, first);
	return n > 0;
}

static struct view symbol_at(const struct objnames *names, uint64_t address)
{
	const struct symtab_row *row =
		names->tables.symbols ? symtab_find(names->tables.symbols, address) : NULL;

	return row ? symtab_name(names->tables.symbols, row) : (struct view){ 0 };
}

/* The outermost function has the name of its symbol, so that it is called the same with and without
 * debug information, which would say __libc_malloc for malloc. Inlined ones have no symbol. */
static struct view full_name(const struct objnames *names, const struct dwarfreply_frame *frame,
	bool outermost, uint64_t address)
{
	struct view symbol = outermost ? symbol_at(names, address) : (struct view){ 0 };

	if (symbol.len)
		return symbol;
	return frame->linkage.len ? frame->linkage : frame->name;
}

static bool add_dwarf_frame(struct objnames *names, const struct dwarfreply_frame *frame,
	struct view full, const struct objnames_options *options)
{
	struct objnames_options plain = { .no_demangle = true };
	struct objnames_name name, file;

	return intern(names, full, options, &name) && intern(names, frame->file, &plain, &file) &&
	       add_frame(names, &(struct objnames_frame){ .name = name.to,
					.system_name = name.from,
					.file = file.from,
					.line = frame->line,
					.start_line = frame->start_line });
}

static void answer_dwarf(struct objnames *names, uint64_t address, const struct dwarfreply *reply,
	const struct dwarfreply_span *span, const struct objnames_options *options)
{
	size_t first = names->n_frames;

	for (uint32_t i = 0; i < span->count; i++) {
		const struct dwarfreply_frame *frame = &reply->frames[span->first + i];
		struct view full = full_name(names, frame, i + 1 == span->count, address);

		if (full.len == 0)
			continue;
		if (!add_dwarf_frame(names, frame, full, options)) {
			names->n_frames = first;
			return;
		}
	}
	set_answer(names, address, first);
}

static void answer_symbol(
	struct objnames *names, uint64_t address, const struct objnames_options *options)
{
	struct view symbol = symbol_at(names, address);
	size_t first = names->n_frames;
	struct objnames_name name;

	if (!intern(names, symbol, options, &name))
		return;
	if (symbol.len && !add_frame(names, &(struct objnames_frame){
						    .name = name.to, .system_name = name.from }))
		return;
	set_answer(names, address, first);
}

/* What is left for an object, in milliseconds. */
static unsigned time_left(const struct objnames_options *options)
{
	unsigned timeout_ms =
		options->dwarf_timeout_ms ? options->dwarf_timeout_ms : DWARFCHILD_TIMEOUT_MS;
	uint64_t now = clock_monotonic_ns(), left_ms;

	if (!options->deadline_ns)
		return timeout_ms;
	left_ms = options->deadline_ns > now ? (options->deadline_ns - now) / 1000000 : 0;
	return left_ms < timeout_ms ? (unsigned)left_ms : timeout_ms;
}

static void answer_all(struct objnames *names, const uint64_t *addresses, size_t n,
	const struct dwarfreply *reply, const struct objnames_options *options)
{
	for (size_t i = 0; i < n; i++)
		if (map_find(&names->span_of, addresses[i]))
			continue;
		else if (reply->spans && reply->spans[i].count)
			answer_dwarf(names, addresses[i], reply, &reply->spans[i], options);
		else
			answer_symbol(names, addresses[i], options);
}

/* The answers that earlier recordings got. */
static void recall(struct objnames *names, const struct objnames_options *options)
{
	BUF_AUTO file = { .max = LINECACHE_BYTES_MAX + 1 };
	struct linecache_batch batch;
	struct view rest;

	if (names->recalled)
		return;
	names->recalled = true;
	if (!names->tables.key[0] || options->no_lines ||
		symcache_read(options->tables.cache, names->tables.key, SYMCACHE_LINES, &file,
			NULL) < 0 ||
		linecache_open(buf_view(&file), view_of(names->tables.key), &rest, NULL) < 0)
		return;
	while (linecache_next(&rest, &batch)) {
		struct dwarfreply reply = { 0 };

		if (dwarfreply_decode(batch.reply, batch.n, &reply) == 0)
			answer_all(names, batch.addresses, batch.n, &reply, options);
		dwarfreply_fini(&reply);
	}
}

static void remember(const struct objnames *names, const struct dwarfchild_query *query,
	struct view reply, const struct objnames_options *options)
{
	const struct linecache_batch batch = { query->addresses, query->n, reply };
	BUF_AUTO file = { .max = LINECACHE_BYTES_MAX + 1 };

	if (!names->tables.key[0])
		return;
	if (symcache_read(options->tables.cache, names->tables.key, SYMCACHE_LINES, &file, NULL) <
		0)
		buf_clear(&file);
	linecache_add(&file, view_of(names->tables.key), &batch);
	if (!file.failed && file.len)
		symcache_write(options->tables.cache, names->tables.key, SYMCACHE_LINES,
			buf_view(&file), NULL);
}

/* What DWARF says about the addresses; an empty reply if there is none, or no time. */
static void ask_dwarf(struct objnames *names, struct dwarfchild_query *query,
	const struct objnames_options *options, struct buf *bytes, struct dwarfreply *reply)
{
	const struct object *debug;

	if (options->no_lines || names->dwarf_failed || query->n == 0)
		return;
	debug = objtables_debug(&names->tables, query->object, &options->tables);
	if (debug && dwarfchild_useful(debug))
		query->object = debug;
	if (!dwarfchild_useful(query->object))
		return;
	query->timeout_ms = time_left(options);
	if (query->timeout_ms == 0 || dwarfchild_read(query, bytes, reply, NULL) < 0 ||
		!reply->whole)
		names->dwarf_failed = true;
	else
		remember(names, query, buf_view(bytes), options);
}

static void load_with_answers(
	struct objnames *names, const struct object *object, const struct objnames_options *options)
{
	if (!names->tables.loaded)
		objtables_load(&names->tables, object, &options->tables);
	if (!names->recalled)
		names->was_cached = names->tables.from_cache;
	recall(names, options);
}

static bool has_all(const struct objnames *names, const uint64_t *addresses, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!map_find(&names->span_of, addresses[i]))
			return false;
	return true;
}

void objnames_resolve(struct objnames *names, const struct object *object,
	const uint64_t *addresses, size_t n, const struct objnames_options *options)
{
	struct dwarfchild_query query = { .object = object };
	BUF_AUTO bytes = { .max = DWARFREPLY_BYTES_MAX };
	struct dwarfreply reply = { 0 };
	uint64_t *left;

	if (names->text.max == 0 || names->text.used > OBJNAMES_TEXT_MAX / 2)
		drop_answers(names);
	if (has_all(names, addresses, n))
		return;
	query.addresses = left = malloc((n + 1) * sizeof(*left));
	if (!left)
		return;
	load_with_answers(names, object, options);
	for (size_t i = 0; i < n; i++)
		if (!map_find(&names->span_of, addresses[i]) &&
			!answer_go(names, addresses[i], options))
			left[query.n++] = addresses[i];
	ask_dwarf(names, &query, options, &bytes, &reply);
	answer_all(names, left, query.n, &reply, options);
	dwarfreply_fini(&reply);
	free(left);
}

size_t objnames_find(const struct objnames *names, uint64_t address, size_t *ret_first)
{
	const uint64_t *span = map_find(&names->span_of, address);

	if (!span)
		return 0;
	*ret_first = (size_t)(*span >> 8);
	return *span & 0xff;
}
