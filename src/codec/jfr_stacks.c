/* jfr_stacks: the stacks of a recording in a profile of one kind. */
#include "codec/jfr_stacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"

#define TRUNCATED VIEW("[truncated]")
#define UNKNOWN VIEW("[unknown]")
#define FRAMES_OF_STACK_MAX 65536u

static int nomem(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

void jfr_stacks_begin(struct jfr_stacks *stacks, struct jfr_chunk *chunk)
{
	stacks->chunk = chunk;
	map_fini(&stacks->stacks);
	map_fini(&stacks->places);
	stacks->stacks = stacks->places = (struct map){ 0 };
}

void jfr_stacks_fini(struct jfr_stacks *stacks)
{
	map_fini(&stacks->stacks);
	map_fini(&stacks->places);
	buf_fini(&stacks->name);
	free(stacks->path);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How much of `text` from `at` is an address or a number of this run: "+0x00007f01",
 * "/0x00007f01", "/1234", or digits behind "$$Lambda$", "Accessor". */
static size_t run_of_this_run(struct view text, size_t at)
{
	static const char *const before[] = { "$$Lambda$", "$$Lambda", "Accessor" };
	size_t end = at + 1;

	if (text.at[at] == '+' || text.at[at] == '/') {
		bool hex = at + 2 < text.len && text.at[at + 1] == '0' && text.at[at + 2] == 'x';

		end += hex ? 2 : 0;
		while (end < text.len && (hex ? is_hex(text.at[end]) : is_digit(text.at[end])))
			end++;
		return end - at > 1 && (end == text.len || strchr("./+", text.at[end])) ? end - at
											: 0;
	}
	if (!is_digit(text.at[at]))
		return 0;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t len = strlen(before[i]);

		if (at < len || memcmp(text.at + at - len, before[i], len) != 0)
			continue;
		while (end < text.len && is_digit(text.at[end]))
			end++;
		return end - at;
	}
	return 0;
}

void jfr_stacks_name(struct view class, struct view method, struct buf *out)
{
	for (size_t i = 0; i < class.len;) {
		size_t skipped = run_of_this_run(class, i);

		if (!skipped)
			buf_add_char(out, class.at[i] == '/' ? '.' : class.at[i]);
		i += skipped ? skipped : 1;
	}
	if (class.len && method.len)
		buf_add_char(out, '.');
	buf_add_view(out, method);
}

static struct view method_name(struct jfr_stacks *stacks, uint64_t number)
{
	static const char *const names[] = { "type", "name", NULL };
	static const char *const class_names[] = { "name", NULL };
	struct jfr_chunk *chunk = stacks->chunk;
	struct jfr_value method[2], class;
	struct view class_name = VIEW("");

	buf_clear(&stacks->name);
	if (!jfr_chunk_value(chunk, JFR_METHODS, number, names, method))
		return UNKNOWN;
	if (jfr_chunk_value(chunk, JFR_CLASSES, method[0].number, class_names, &class))
		class_name = jfr_chunk_pooled_text(chunk, JFR_SYMBOLS, class.number, "string");
	jfr_stacks_name(class_name,
		jfr_chunk_pooled_text(chunk, JFR_SYMBOLS, method[1].number, "string"),
		&stacks->name);
	if (stacks->name.len > chunk->steps)
		buf_clear(&stacks->name); /* names that are longer than all the file */
	chunk->steps -= stacks->name.len;
	return stacks->name.len ? buf_view(&stacks->name) : UNKNOWN;
}

static int find_place(
	struct jfr_stacks *stacks, uint64_t method, int64_t line, uint32_t *ret, struct err *err)
{
	struct profile *into = stacks->into;
	struct location location = { .n_lines = 1 };
	struct function function = { 0 };
	struct line lines = { .line = line > 0 ? line : 0 };
	bool is_new;
	uint64_t *place =
		map_add(&stacks->places, hash_keyed_pair(method, (uint64_t)line), &is_new);

	if (!place)
		return nomem(err);
	if (is_new) {
		struct view name = method_name(stacks, method);

		function.name = function.system_name = profile_string(into, name);
		lines.function = profile_function(into, &function);
		*place = profile_location(into, &location, &lines);
	}
	*ret = (uint32_t)*place;
	return into->failed || stacks->name.failed ? nomem(err) : 0;
}

/* The locations of a stack, leaf first, into the path. */
static int read_frames(
	struct jfr_stacks *stacks, const struct jfr_value *frames, uint32_t *ret_n, struct err *err)
{
	static const char *const names[] = { "method", "lineNumber", NULL };
	struct jfr_chunk *chunk = stacks->chunk;
	struct jfr_reader in = jfr_chunk_read(chunk, frames->at);
	struct jfr_value frame[2];
	uint64_t count;

	*ret_n = 0;
	if (!frames->at || !frames->is_list || frames->type == JFR_NO_TYPE ||
		!jfr_reader_number(&in, sizeof(uint32_t), &count))
		return 0;
	if (count > FRAMES_OF_STACK_MAX || count > stacks->frames_left)
		return err_set(err, ERR_LIMIT, "too many frames of stacks in a recording");
	stacks->frames_left -= count;
	if (!VEC_FITS(stacks->path, stacks->cap_path, (size_t)count + 1))
		return nomem(err);
	for (uint64_t i = 0; i < count; i++) {
		int rc;

		if (!jfr_types_value(&chunk->types, frames->type, &in, names, frame))
			return jfr_chunk_fail(chunk, &in, err);
		jfr_chunk_end(chunk, &in);
		rc = find_place(stacks, frame[0].number, (int32_t)frame[1].number,
			&stacks->path[(*ret_n)++], err);
		if (rc < 0)
			return rc;
		in.steps = chunk->steps;
	}
	return 0;
}

int jfr_stacks_find(struct jfr_stacks *stacks, uint64_t number, uint32_t *ret, struct err *err)
{
	static const char *const names[] = { "truncated", "frames", NULL };
	const uint64_t *known = map_find(&stacks->stacks, number);
	struct jfr_value fields[2];
	uint32_t stack = STACK_EMPTY, n = 0;
	uint64_t *place;
	int rc = 0;

	if (known) {
		*ret = (uint32_t)*known;
		return 0;
	}
	if (jfr_chunk_value(stacks->chunk, JFR_STACKS, number, names, fields)) {
		rc = read_frames(stacks, &fields[1], &n, err);
		if (rc == 0 && n && fields[0].number)
			stack = profile_push(
				stacks->into, stack, profile_named(stacks->into, TRUNCATED));
	}
	for (uint32_t i = n; rc == 0 && i > 0; i--)
		stack = profile_push(stacks->into, stack, stacks->path[i - 1]);
	if (rc < 0)
		return rc;
	place = map_add(&stacks->stacks, number, NULL);
	if (!place || stacks->into->failed)
		return nomem(err);
	*place = stack;
	*ret = stack;
	return 0;
}
