/* jitdump: the binary record of generated code that JIT compilers write for perf. */
#include "symbol/jitdump.h"

#include "symbol/codetable.h"

#define MAGIC 0x4A695444u
#define HEADER_SIZE 40
#define PREFIX_SIZE 16
#define LOAD_SIZE 56 /* with prefix, up to the name */
#define MOVE_SIZE 64
#define LINES_SIZE 32

enum record_id { LOAD, MOVE, LINES };

static uint32_t u32_at(struct view v, size_t at)
{
	uint32_t number;

	memcpy(&number, v.at + at, sizeof(number));
	return number;
}

static uint64_t u64_at(struct view v, size_t at)
{
	uint64_t number;

	memcpy(&number, v.at + at, sizeof(number));
	return number;
}

void jitdump_fini(struct jitdump *dump)
{
	map_fini(&dump->entry_of);
}

/* The text up to a NUL; false if there is none. */
static bool take_text(struct view *rest, struct view *ret)
{
	bool more;

	*ret = view_take(rest, '\0', &more);
	return more;
}

static void load(struct jitdump *dump, struct view record, struct codetable *into)
{
	struct view rest = { record.at + LOAD_SIZE, record.len - LOAD_SIZE };
	uint64_t *entry;
	struct view name;

	if (!take_text(&rest, &name) ||
		!codetable_add(into, u64_at(record, 32), u64_at(record, 40), name))
		return;
	entry = map_add(&dump->entry_of, u64_at(record, 48), NULL);
	if (entry)
		*entry = into->n_entries;
}

static void move(struct jitdump *dump, struct view record, struct codetable *into)
{
	const uint64_t *entry = map_find(&dump->entry_of, u64_at(record, 56));

	if (entry && *entry)
		codetable_move(into, *entry - 1, u64_at(record, 40));
}

static void lines(struct view record, struct codetable *into)
{
	uint64_t count = u64_at(record, 24);
	struct view rest = { record.at + LINES_SIZE, record.len - LINES_SIZE };
	struct view file = { 0 };

	for (; count && rest.len >= 16; count--) {
		uint64_t address = u64_at(rest, 0);
		uint32_t line = u32_at(rest, 8);
		struct view text;

		rest = (struct view){ rest.at + 16, rest.len - 16 };
		if (!take_text(&rest, &text))
			return;
		if (!view_equal(text, VIEW("\xff")))
			file = text;
		if (!codetable_add_line(into, address, file, line <= INT32_MAX ? line : 0))
			return;
	}
}

static void take_record(struct jitdump *dump, struct view record, struct codetable *into)
{
	switch (u32_at(record, 0)) {
	case LOAD:
		if (record.len >= LOAD_SIZE)
			load(dump, record, into);
		break;
	case MOVE:
		if (record.len >= MOVE_SIZE)
			move(dump, record, into);
		break;
	case LINES:
		if (record.len >= LINES_SIZE)
			lines(record, into);
		break;
	}
}

static bool read_header(struct jitdump *dump, struct view bytes)
{
	uint32_t size;

	if (bytes.len < HEADER_SIZE)
		return false;
	size = u32_at(bytes, 8);
	dump->broken = u32_at(bytes, 0) != MAGIC || u32_at(bytes, 4) != 1 || size < HEADER_SIZE;
	if (!dump->broken)
		dump->offset = size;
	return !dump->broken;
}

/* The record at the start of `bytes`, cut to what is there; false if it must be read again with
 * more. */
static bool first_record(struct jitdump *dump, struct view bytes, bool more, struct view *ret)
{
	uint32_t total;

	if (bytes.len < PREFIX_SIZE)
		return false;
	total = u32_at(bytes, 4);
	if (total < PREFIX_SIZE) {
		dump->broken = true;
		return false;
	}
	if (total > bytes.len && (!more || bytes.len < JITDUMP_RECORD_HEAD_MAX))
		return false;
	*ret = (struct view){ bytes.at, total < bytes.len ? total : bytes.len };
	return true;
}

bool jitdump_parse(struct jitdump *dump, struct view bytes, bool more, struct codetable *into)
{
	uint64_t begin = dump->offset;
	struct view record;

	if (dump->broken)
		return false;
	if (begin == 0 && !read_header(dump, bytes))
		return false;
	while (dump->offset - begin <= bytes.len) {
		uint64_t at = dump->offset - begin;

		if (!first_record(dump, (struct view){ bytes.at + at, bytes.len - (size_t)at },
			    more, &record))
			break;
		take_record(dump, record, into);
		dump->offset += u32_at(record, 4);
	}
	return dump->offset > begin;
}
