/* codetable: the names of code that a process generates while it runs. */
#include "symbol/codetable.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/vec.h"

void codetable_init(struct codetable *table)
{
	*table = (struct codetable){ 0 };
	buf_init(&table->text, CODETABLE_TEXT_MAX);
}

void codetable_fini(struct codetable *table)
{
	free(table->entries);
	free(table->lines);
	free(table->flat);
	buf_fini(&table->text);
	map_fini(&table->file_of);
	*table = (struct codetable){ 0 };
}

static bool add_text(struct codetable *table, struct view text, uint32_t *ret_at, uint32_t *ret_len)
{
	if (text.len > CODETABLE_NAME_MAX)
		text.len = CODETABLE_NAME_MAX;
	if (table->text.len + text.len > CODETABLE_TEXT_MAX)
		return false;
	*ret_at = (uint32_t)table->text.len;
	*ret_len = (uint32_t)text.len;
	buf_add_view(&table->text, text);
	return !table->text.failed;
}

static int by_address(const void *left, const void *right)
{
	const struct code_line *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

static bool refuse(struct codetable *table)
{
	table->full = true;
	return false;
}

bool codetable_add(struct codetable *table, uint64_t start, uint64_t size, struct view name)
{
	size_t first_line = table->n_taken;
	struct code_entry new = { .start = start, .size = size, .base = start };
	struct code_entry *added;

	if (size == 0 || start + size < start) {
		table->n_lines = first_line;
		return false;
	}
	if (table->n_entries == CODETABLE_ENTRIES_MAX ||
		!add_text(table, name, &new.name, &new.name_len))
		return refuse(table);
	added = VEC_ADD(table->entries, table->n_entries, table->cap_entries);
	if (!added)
		return refuse(table);
	new.first_line = (uint32_t)first_line;
	new.n_lines = (uint32_t)(table->n_lines - first_line);
	if (new.n_lines)
		qsort(&table->lines[first_line], new.n_lines, sizeof(*table->lines), by_address);
	*added = new;
	table->n_taken = table->n_lines;
	return true;
}

/* A code object names the same few files thousands of times. */
static bool add_file(struct codetable *table, struct view file, uint32_t *ret_at, uint32_t *ret_len)
{
	uint64_t *known = map_add(&table->file_of, hash_view(file), NULL);

	if (!known)
		return false;
	if (*known) {
		*ret_at = (uint32_t)*known;
		*ret_len = (uint32_t)(*known >> 32);
		return true;
	}
	if (!add_text(table, file, ret_at, ret_len))
		return false;
	*known = (uint64_t)*ret_len << 32 | *ret_at;
	return true;
}

bool codetable_add_line(struct codetable *table, uint64_t address, struct view file, uint32_t line)
{
	struct code_line new = { .address = address, .line = line };
	struct code_line *added;

	if (table->n_lines == CODETABLE_LINES_MAX ||
		!add_file(table, file, &new.file, &new.file_len))
		return refuse(table);
	added = VEC_ADD(table->lines, table->n_lines, table->cap_lines);
	if (!added)
		return refuse(table);
	*added = new;
	return true;
}

bool codetable_move(struct codetable *table, size_t index, uint64_t start)
{
	struct code_entry moved;
	struct code_entry *added;

	if (index >= table->n_entries)
		return false;
	moved = table->entries[index];
	if (start + moved.size < start)
		return false;
	if (table->n_entries == CODETABLE_ENTRIES_MAX)
		return refuse(table);
	added = VEC_ADD(table->entries, table->n_entries, table->cap_entries);
	if (!added)
		return refuse(table);
	moved.start = start;
	*added = moved;
	return true;
}

int codetable_index(struct codetable *table)
{
	struct range *ranges = malloc((table->n_entries + 1) * sizeof(*ranges));
	struct range *flat;
	size_t n_flat;
	int rc;

	if (!ranges)
		return ERR_NOMEM;
	for (size_t i = 0; i < table->n_entries; i++) {
		const struct code_entry *entry = &table->entries[i];

		ranges[i] = (struct range){ .start = entry->start,
			.end = entry->start + entry->size,
			.rank = (uint32_t)i,
			.id = (uint32_t)i };
	}
	rc = range_flatten(ranges, table->n_entries, &flat, &n_flat);
	free(ranges);
	if (rc < 0)
		return rc;
	free(table->flat);
	table->flat = flat;
	table->n_flat = n_flat;
	return 0;
}

/* The last line that begins at or before the address. */
static const struct code_line *line_at(
	const struct codetable *table, const struct code_entry *entry, uint64_t address)
{
	size_t low = entry->first_line, high = low + entry->n_lines;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->lines[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > entry->first_line ? &table->lines[low - 1] : NULL;
}

bool codetable_find(const struct codetable *table, uint64_t address, struct code_hit *ret)
{
	const struct range *range = range_find(table->flat, table->n_flat, address);
	const struct code_entry *entry;
	const struct code_line *line;

	if (!range)
		return false;
	entry = &table->entries[range->id];
	*ret = (struct code_hit){ .name = { table->text.at + entry->name, entry->name_len },
		.start = entry->start };
	line = line_at(table, entry, address - entry->start + entry->base);
	if (line) {
		ret->file = (struct view){ table->text.at + line->file, line->file_len };
		ret->line = line->line;
	}
	return true;
}
