/* unwind_space: the memory that all tables share: rows in shards, pages, rules. */
#include "unwind/unwind_space.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "unwind/ruleset.h"
#include "unwind/unwind_table.h"

/* A run of entries: rows of a shard, or pages. */
struct extent {
	uint32_t start, len;
};

/* What is free, in order, no two adjacent. */
struct free_list {
	struct extent *extents; /* owned */
	size_t count, cap;
};

struct shard {
	struct unwind_row *rows; /* borrowed from the memory; NULL: does not exist */
	struct free_list free;
	uint32_t used;
};

/* Rows that a table has in one shard. */
struct row_extent {
	uint32_t shard;
	struct extent at;
};

struct extents {
	struct row_extent *rows;
	size_t count, cap;
};

/* A removed table, until nobody can be reading it. */
struct limbo {
	struct extents *extents;
	struct extent pages;
};

struct unwind_space {
	struct unwind_space_memory memory;
	struct ruleset rules;
	struct free_list free_pages;
	struct shard *shards; /* n_shards_max */
	struct limbo *limbo;
	size_t n_limbo, cap_limbo;
	struct unwind_space_stats stats;
};

/* Puts an extent back, joining it to its neighbours. False without memory: it stays lost. */
static bool give(struct free_list *list, struct extent extent)
{
	size_t at = 0;

	while (at < list->count && list->extents[at].start < extent.start)
		at++;
	if (at && list->extents[at - 1].start + list->extents[at - 1].len == extent.start) {
		list->extents[at - 1].len += extent.len;
		extent = list->extents[--at];
	} else {
		if (!VEC_FITS(list->extents, list->cap, list->count + 1))
			return false;
		list->count++;
		memmove(&list->extents[at + 1], &list->extents[at],
			(list->count - 1 - at) * sizeof(extent));
		list->extents[at] = extent;
	}
	if (at + 1 < list->count && extent.start + extent.len == list->extents[at + 1].start) {
		list->extents[at].len += list->extents[at + 1].len;
		list->count--;
		memmove(&list->extents[at + 1], &list->extents[at + 2],
			(list->count - at - 1) * sizeof(extent));
	}
	return true;
}

/* Takes `len` from the front of extent `i`, which has them. */
static uint32_t take_from(struct free_list *list, size_t i, uint32_t len)
{
	struct extent *extent = &list->extents[i];
	uint32_t start = extent->start;

	assert(extent->len >= len);
	extent->start += len;
	extent->len -= len;
	if (extent->len == 0) {
		list->count--;
		memmove(extent, extent + 1, (list->count - i) * sizeof(*extent));
	}
	return start;
}

/* The first that fits; false if none does. */
static bool take(struct free_list *list, uint32_t len, uint32_t *ret_start)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->extents[i].len >= len) {
			*ret_start = take_from(list, i, len);
			return true;
		}
	return false;
}

/* Exactly from `start` on. */
static bool take_at(struct free_list *list, uint32_t len, uint32_t start)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->extents[i].start == start && list->extents[i].len >= len) {
			take_from(list, i, len);
			return true;
		}
	return false;
}

int unwind_space_new(
	const struct unwind_space_memory *memory, struct unwind_space **ret, struct err *err)
{
	struct unwind_space *space = calloc(1, sizeof(*space));

	if (!space)
		return err_set(err, ERR_NOMEM, "out of memory");
	space->memory = *memory;
	space->shards = calloc(memory->n_shards_max, sizeof(*space->shards));
	if (!space->shards || !ruleset_init(&space->rules, memory->rules, UNWIND_RULES_MAX) ||
		!give(&space->free_pages, (struct extent){ 0, memory->n_pages_max })) {
		unwind_space_free(space);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*ret = space;
	return 0;
}

static void extents_free(struct extents *extents)
{
	if (extents)
		free(extents->rows);
	free(extents);
}

void unwind_space_free(struct unwind_space *space)
{
	if (!space)
		return;
	unwind_space_settle(space);
	for (uint32_t i = 0; space->shards && i < space->memory.n_shards_max; i++) {
		if (space->shards[i].rows)
			space->memory.drop_shard(space->memory.owner, i);
		free(space->shards[i].free.extents);
	}
	free(space->shards);
	free(space->free_pages.extents);
	free(space->limbo);
	ruleset_fini(&space->rules);
	free(space);
}

static bool make_shard(struct unwind_space *space, uint32_t index)
{
	struct shard *shard = &space->shards[index];

	shard->free.count = 0;
	if (!give(&shard->free, (struct extent){ 0, UNWIND_SHARD_ROWS }))
		return false;
	shard->rows = space->memory.new_shard(space->memory.owner, index);
	if (!shard->rows)
		return false;
	space->stats.shards++;
	return true;
}

static void put_rows(struct unwind_space *space, const struct row_extent *extent)
{
	struct shard *shard = &space->shards[extent->shard];

	give(&shard->free, extent->at);
	shard->used -= extent->at.len;
	space->stats.rows -= extent->at.len;
	if (shard->used)
		return;
	space->memory.drop_shard(space->memory.owner, extent->shard);
	shard->rows = NULL;
	space->stats.shards--;
}

static bool take_in_shard(
	struct unwind_space *space, struct extents *extents, uint32_t index, uint32_t len)
{
	struct shard *shard = &space->shards[index];
	struct row_extent extent = { index, { 0, len } };

	if (!VEC_FITS(extents->rows, extents->cap, extents->count + 1) ||
		!take(&shard->free, len, &extent.at.start))
		return false;
	extents->rows[extents->count++] = extent;
	shard->used += len;
	space->stats.rows += len;
	return true;
}

/* Room for the rows of one page: behind those of the page before it, else in the first shard that
 * has it, else in a new one. */
static bool take_rows(struct unwind_space *space, struct extents *extents, uint32_t len)
{
	struct row_extent *last = extents->count ? &extents->rows[extents->count - 1] : NULL;
	uint32_t n_shards = space->memory.n_shards_max;

	if (last && take_at(&space->shards[last->shard].free, len, last->at.start + last->at.len)) {
		last->at.len += len;
		space->shards[last->shard].used += len;
		space->stats.rows += len;
		return true;
	}
	for (uint32_t i = 0; i < n_shards; i++)
		if (space->shards[i].rows && take_in_shard(space, extents, i, len))
			return true;
	for (uint32_t i = 0; i < n_shards; i++)
		if (!space->shards[i].rows)
			return make_shard(space, i) && take_in_shard(space, extents, i, len);
	return false;
}

static void give_back(struct unwind_space *space, struct extents *extents, struct extent pages)
{
	for (size_t i = 0; extents && i < extents->count; i++)
		put_rows(space, &extents->rows[i]);
	extents_free(extents);
	if (pages.len)
		give(&space->free_pages, pages);
}

/* To the end of what its table has of `into` so far. */
static struct unwind_page copy_page(struct unwind_space *space, const struct unwind_table *table,
	size_t page, const struct row_extent *into, const uint16_t *rules)
{
	const struct unwind_row *from = &table->rows[table->pages[page].first_row];
	uint32_t len = table->pages[page].n_rows;
	uint32_t start = into->at.start + into->at.len - len;
	struct unwind_row *rows = space->shards[into->shard].rows + start;

	for (uint32_t i = 0; i < len; i++)
		rows[i] = (struct unwind_row){ from[i].pc_low, rules[from[i].rule] };
	return (struct unwind_page){ into->shard * UNWIND_SHARD_ROWS + start, len };
}

/* The number in the shared table of each of this table's rules; *ret is owned. */
static bool map_rules(struct unwind_space *space, const struct unwind_table *table, uint16_t **ret)
{
	uint16_t *map = malloc(table->n_rules * sizeof(*map));

	if (!map)
		return false;
	for (size_t i = 0; i < table->n_rules; i++)
		map[i] = (uint16_t)ruleset_add(&space->rules, &table->rules[i]);
	*ret = map;
	return true;
}

int unwind_space_add(struct unwind_space *space, const struct unwind_table *table,
	struct unwind_space_place *ret, struct err *err)
{
	struct extents *extents = calloc(1, sizeof(*extents));
	struct extent pages = { .len = (uint32_t)table->n_pages };
	size_t overflow = space->rules.overflow;
	uint16_t *rules = NULL;
	int rc = ERR_LIMIT;

	assert(table->n_pages && table->n_rules <= UNWIND_RULES_MAX);
	if (!extents || !map_rules(space, table, &rules)) {
		free(extents);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	if (!take(&space->free_pages, pages.len, &pages.start)) {
		pages.len = 0;
		goto out;
	}
	for (size_t i = 0; i < table->n_pages; i++) {
		struct unwind_page *page = &space->memory.pages[pages.start + i];

		*page = (struct unwind_page){ 0 };
		if (table->pages[i].n_rows == 0)
			continue;
		if (!take_rows(space, extents, table->pages[i].n_rows))
			goto out;
		*page = copy_page(space, table, i, &extents->rows[extents->count - 1], rules);
	}
	*ret = (struct unwind_space_place){ pages.start, table->first_page_no, pages.len,
		table->n_rows, extents };
	space->stats.tables++;
	space->stats.pages += pages.len;
	space->stats.rules_overflow += space->rules.overflow - overflow;
	rc = 0;
out:
	free(rules);
	if (rc == 0)
		return 0;
	give_back(space, extents, pages);
	return err_set(err, rc, "no room for %zu rows in %u shards of unwind tables", table->n_rows,
		space->memory.n_shards_max);
}

void unwind_space_remove(struct unwind_space *space, struct unwind_space_place *place)
{
	struct limbo *limbo;

	if (!place->extents)
		return;
	space->stats.tables--;
	space->stats.pages -= place->n_pages;
	limbo = VEC_ADD(space->limbo, space->n_limbo, space->cap_limbo);
	if (limbo)
		*limbo = (struct limbo){ place->extents, { place->first_page, place->n_pages } };
	else
		extents_free(place->extents); /* its room is lost, which is safe */
	*place = (struct unwind_space_place){ 0 };
}

void unwind_space_settle(struct unwind_space *space)
{
	for (size_t i = 0; i < space->n_limbo; i++)
		give_back(space, space->limbo[i].extents, space->limbo[i].pages);
	space->n_limbo = 0;
}

void unwind_space_get_stats(const struct unwind_space *space, struct unwind_space_stats *ret)
{
	*ret = space->stats;
	ret->rules = space->rules.count;
	ret->row_bytes = space->stats.shards * UNWIND_SHARD_ROWS * sizeof(struct unwind_row);
}
