/* jfr_chunk: one chunk of a recording, with its types and its values that others name by number. */
#include "codec/jfr_chunk.h"

#include <string.h>

#include "codec/jfr_format.h"

#define HEADER_BYTES 68
#define VERSION 2
#define FLAG_COMPRESSED 1u
#define STEPS_OF_BYTE 8 /* values that a byte may be, on the whole */
#define STEPS_MIN 100000

bool jfr_chunk_is(struct view bytes)
{
	return bytes.len >= HEADER_BYTES && memcmp(bytes.at, "FLR\0", 4) == 0;
}

static uint64_t big_endian(struct view bytes, size_t at, size_t size)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | (uint8_t)bytes.at[at + i];
	return number;
}

static int read_header(struct view *rest, struct jfr_chunk *chunk, struct err *err)
{
	uint64_t size, time_ns, duration_ns;

	if (!jfr_chunk_is(*rest))
		return err_set(err, ERR_CORRUPT, "not a recording of Java's Flight Recorder");
	if (big_endian(*rest, 4, 2) != VERSION)
		return err_set(err, ERR_UNSUPPORTED,
			"a recording of version %llu; 2 is read (JDK 9 and newer)",
			(unsigned long long)big_endian(*rest, 4, 2));
	size = big_endian(*rest, 8, 8);
	if (size < HEADER_BYTES || size > rest->len)
		return err_set(err, ERR_CORRUPT,
			"a chunk of %llu bytes, of which %zu are there: the recording is cut off",
			(unsigned long long)size, rest->len);
	chunk->bytes = (struct view){ rest->at, (size_t)size };
	chunk->checkpoint = big_endian(*rest, 16, 8);
	chunk->metadata = big_endian(*rest, 24, 8);
	time_ns = big_endian(*rest, 32, 8);
	duration_ns = big_endian(*rest, 40, 8);
	chunk->ticks_per_s = big_endian(*rest, 56, 8);
	chunk->is_fixed = !(big_endian(*rest, 64, 4) & FLAG_COMPRESSED);
	if (time_ns > INT64_MAX || duration_ns > INT64_MAX - time_ns)
		return err_set(err, ERR_CORRUPT, "a time after the year 2262");
	if (!chunk->ticks_per_s)
		return err_set(err, ERR_CORRUPT, "a clock that does not tick");
	chunk->time_ns = (int64_t)time_ns;
	chunk->duration_ns = (int64_t)duration_ns;
	chunk->steps = STEPS_MIN + size * STEPS_OF_BYTE;
	*rest = view_between(rest->at + size, view_end(*rest));
	return 0;
}

struct jfr_reader jfr_chunk_read(const struct jfr_chunk *chunk, const uint8_t *at)
{
	const uint8_t *begin = (const uint8_t *)chunk->bytes.at;

	return (struct jfr_reader){ .at = at ? at : begin + HEADER_BYTES,
		.end = begin + chunk->bytes.len,
		.steps = chunk->steps,
		.is_fixed = chunk->is_fixed };
}

void jfr_chunk_end(struct jfr_chunk *chunk, const struct jfr_reader *in)
{
	chunk->steps = in->steps;
}

int jfr_chunk_fail(const struct jfr_chunk *chunk, const struct jfr_reader *in, struct err *err)
{
	size_t at = (size_t)(in->at - (const uint8_t *)chunk->bytes.at);
	bool nomem = in->wrong && strcmp(in->wrong, "out of memory") == 0;

	return err_set(err, nomem ? ERR_NOMEM : ERR_CORRUPT, "at byte %zu of a chunk: %s", at,
		in->wrong ? in->wrong : "makes no sense");
}

/* A reader behind the size and the type of the event at `offset`, which ends where the event does.
 */
static bool enter_event(const struct jfr_chunk *chunk, uint64_t offset, struct jfr_reader *ret)
{
	const uint8_t *begin = (const uint8_t *)chunk->bytes.at + offset;
	uint64_t size, type;

	*ret = jfr_chunk_read(chunk, NULL);
	if (offset < HEADER_BYTES || offset >= chunk->bytes.len) {
		ret->wrong = "an event that is outside of its chunk";
		return false;
	}
	ret->at = begin;
	if (!jfr_reader_number(ret, sizeof(uint32_t), &size))
		return false;
	if (size > (uint64_t)(ret->end - begin)) {
		ret->wrong = "an event that is longer than its chunk";
		return false;
	}
	ret->end = begin + size;
	if (ret->at > ret->end)
		ret->at = ret->end;
	return jfr_reader_number(ret, sizeof(uint64_t), &type);
}

static int read_types(struct jfr_chunk *chunk, struct err *err)
{
	struct jfr_reader in;
	uint64_t ignored;
	bool ok = enter_event(chunk, chunk->metadata, &in);

	for (int i = 0; ok && i < 3; i++) /* begin, duration, its own number */
		ok = jfr_reader_number(&in, sizeof(uint64_t), &ignored);
	ok = ok && jfr_types_read(&chunk->types, &in, &chunk->texts);
	jfr_chunk_end(chunk, &in);
	return ok ? 0 : jfr_chunk_fail(chunk, &in, err);
}

static void find_pools(struct jfr_chunk *chunk)
{
	static const char *const names[JFR_POOLS] = { [JFR_STACKS] = "jdk.types.StackTrace",
		[JFR_METHODS] = "jdk.types.Method",
		[JFR_CLASSES] = "java.lang.Class",
		[JFR_SYMBOLS] = "jdk.types.Symbol",
		[JFR_TEXTS] = "java.lang.String",
		[JFR_STATES] = "jdk.types.ThreadState" };

	for (size_t i = 0; i < JFR_POOLS; i++)
		chunk->pool_types[i] = JFR_NO_TYPE;
	for (size_t i = 0; i < JFR_POOLS; i++)
		for (size_t k = 0; k < chunk->types.n_types; k++)
			if (view_equal(chunk->types.types[k].name, view_of(names[i])))
				chunk->pool_types[i] = (uint32_t)k;
}

static bool skip_value(struct jfr_chunk *chunk, uint32_t type, struct jfr_reader *in)
{
	static const char *const none[] = { NULL };
	struct jfr_text text;

	if (chunk->types.types[type].kind == JFR_TEXT)
		return jfr_reader_text(in, &chunk->texts, &text);
	return jfr_reader_step(in) && jfr_types_value(&chunk->types, type, in, none, NULL);
}

/* One pool of one checkpoint. The first value of a number is kept: the newest comes first. */
static bool read_pool(struct jfr_chunk *chunk, struct jfr_reader *in, size_t *entries_left)
{
	uint64_t id, count, number;
	struct map *into = NULL;
	uint32_t type;

	if (!jfr_reader_number(in, sizeof(uint64_t), &id) ||
		!jfr_reader_number(in, sizeof(uint32_t), &count))
		return false;
	type = jfr_types_find(&chunk->types, id);
	if (type == JFR_NO_TYPE) {
		in->wrong = "values of a type that is nowhere";
		return false;
	}
	for (size_t i = 0; i < JFR_POOLS; i++)
		if (chunk->pool_types[i] == type)
			into = &chunk->pools[i];
	for (uint64_t i = 0; i < count; i++) {
		uint64_t *place;
		bool is_new;

		if (!jfr_reader_number(in, sizeof(uint64_t), &number))
			return false;
		if (into && !(*entries_left)--) {
			*entries_left = 0;
			in->wrong = "too many values that are named by number";
			return false;
		}
		place = into ? map_add(into, number, &is_new) : NULL;
		if (into && !place) {
			in->wrong = "out of memory";
			return false;
		}
		if (place && is_new)
			*place = (uint64_t)(in->at - (const uint8_t *)chunk->bytes.at);
		if (!skip_value(chunk, type, in))
			return false;
	}
	return true;
}

static bool read_checkpoint(
	struct jfr_chunk *chunk, struct jfr_reader *in, size_t *entries_left, int64_t *ret_delta)
{
	uint64_t ignored, delta, pools;

	if (!jfr_reader_number(in, sizeof(uint64_t), &ignored) ||
		!jfr_reader_number(in, sizeof(uint64_t), &ignored) ||
		!jfr_reader_number(in, sizeof(uint64_t), &delta) || !jfr_reader_skip(in, 1) ||
		!jfr_reader_number(in, sizeof(uint32_t), &pools))
		return false;
	for (uint64_t i = 0; i < pools; i++)
		if (!jfr_reader_step(in) || !read_pool(chunk, in, entries_left))
			return false;
	*ret_delta = (int64_t)delta;
	return true;
}

/* Each says how far before it the one before it is: the chain goes backwards only, and ends. */
static int read_checkpoints(struct jfr_chunk *chunk, size_t entries_left, struct err *err)
{
	uint64_t at = chunk->checkpoint;
	struct jfr_reader in;
	int64_t delta = 0;
	bool ok;

	do {
		ok = enter_event(chunk, at, &in) &&
		     read_checkpoint(chunk, &in, &entries_left, &delta);
		jfr_chunk_end(chunk, &in);
		if (ok && (delta > 0 || delta < -(int64_t)at)) {
			in.wrong = "a checkpoint that is not before the one that names it";
			ok = false;
		}
		at += (uint64_t)delta;
	} while (ok && delta);
	if (ok)
		return 0;
	jfr_chunk_fail(chunk, &in, err);
	if (!entries_left && err)
		err->code = ERR_LIMIT;
	return entries_left ? (err ? err->code : ERR_CORRUPT) : ERR_LIMIT;
}

int jfr_chunk_open(struct view *rest, size_t entries_max, struct jfr_chunk *ret, struct err *err)
{
	int rc;

	*ret = (struct jfr_chunk){ 0 };
	arena_init(&ret->texts, 0);
	rc = read_header(rest, ret, err);
	if (rc == 0)
		rc = read_types(ret, err);
	if (rc < 0)
		return rc;
	find_pools(ret);
	return read_checkpoints(ret, entries_max, err);
}

void jfr_chunk_close(struct jfr_chunk *chunk)
{
	jfr_types_fini(&chunk->types);
	for (size_t i = 0; i < JFR_POOLS; i++)
		map_fini(&chunk->pools[i]);
	arena_fini(&chunk->texts);
}

static const uint8_t *place_of(const struct jfr_chunk *chunk, enum jfr_pool pool, uint64_t number)
{
	const uint64_t *place = map_find(&chunk->pools[pool], number);

	return place ? (const uint8_t *)chunk->bytes.at + *place : NULL;
}

bool jfr_chunk_value(struct jfr_chunk *chunk, enum jfr_pool pool, uint64_t number,
	const char *const *names, struct jfr_value *ret)
{
	const uint8_t *at = place_of(chunk, pool, number);
	struct jfr_reader in;
	bool ok;

	if (!at)
		return false;
	in = jfr_chunk_read(chunk, at);
	ok = jfr_types_value(&chunk->types, chunk->pool_types[pool], &in, names, ret);
	jfr_chunk_end(chunk, &in);
	return ok;
}

static struct view text_at(struct jfr_chunk *chunk, const uint8_t *at)
{
	struct jfr_text text = { .is_pooled = true };

	/* A pooled text is no number again. */
	for (int i = 0; at && i < 2; i++) {
		struct jfr_reader in = jfr_chunk_read(chunk, at);
		bool ok = jfr_reader_text(&in, &chunk->texts, &text);

		jfr_chunk_end(chunk, &in);
		chunk->is_out_of_memory |= chunk->texts.failed;
		if (!ok)
			return VIEW("");
		if (!text.is_pooled)
			return text.text;
		at = place_of(chunk, JFR_TEXTS, text.number);
	}
	return VIEW("");
}

struct view jfr_chunk_text(struct jfr_chunk *chunk, const struct jfr_value *value)
{
	if (!value->at || value->is_list || value->type == JFR_NO_TYPE ||
		chunk->types.types[value->type].kind != JFR_TEXT)
		return VIEW("");
	return text_at(chunk, value->at);
}

struct view jfr_chunk_pooled_text(
	struct jfr_chunk *chunk, enum jfr_pool pool, uint64_t number, const char *name)
{
	const char *const names[] = { name, NULL };
	struct jfr_value value;

	if (!jfr_chunk_value(chunk, pool, number, names, &value))
		return VIEW("");
	return jfr_chunk_text(chunk, &value);
}
