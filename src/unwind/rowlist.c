/* rowlist: unwind rows of one object while they are collected, sorted by address. */
#include "unwind/rowlist.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"
#include "unwind/ruleset.h"
#include "unwind/unwind_table.h"

void rowlist_fini(struct rowlist *list)
{
	free(list->rows);
	*list = (struct rowlist){ 0 };
}

void rowlist_clear(struct rowlist *list)
{
	list->count = 0;
	list->gap_from = 0;
	list->gap = false;
	list->failed = false;
}

static void put(struct rowlist *list, uint32_t pc, uint32_t rule)
{
	struct rowlist_row *last = list->count ? &list->rows[list->count - 1] : NULL;
	struct rowlist_row *row;

	assert(!last || pc >= last->pc);
	if (last && last->pc == pc) {
		last->rule = rule;
		if (list->count > 1 && last[-1].rule == rule)
			list->count--;
		return;
	}
	if (last ? last->rule == rule : rule == RULESET_NONE)
		return;
	row = list->count < UNWIND_TABLE_ROWS_MAX ? VEC_ADD(list->rows, list->count, list->cap)
						  : NULL;
	if (!row) {
		list->failed = true;
		return;
	}
	*row = (struct rowlist_row){ pc, rule };
}

bool rowlist_function(struct rowlist *list, uint64_t *start, uint64_t *end)
{
	uint64_t free_from = list->base + list->gap_from;

	if (*start < free_from)
		*start = free_from;
	if (*end > list->end)
		*end = list->end;
	if (*start >= *end)
		return false;
	if (list->gap && *start - free_from >= ROWLIST_GAP_MIN)
		put(list, list->gap_from, RULESET_NONE);
	list->gap = true;
	list->gap_from = (uint32_t)(*end - list->base);
	return true;
}

void rowlist_add(struct rowlist *list, uint64_t pc, uint32_t rule)
{
	assert(pc >= list->base && pc < list->end);
	put(list, (uint32_t)(pc - list->base), rule);
}

void rowlist_finish(struct rowlist *list)
{
	if (list->gap && list->base + list->gap_from < list->end)
		put(list, list->gap_from, RULESET_NONE);
	list->gap = false;
}

uint32_t rowlist_find(const struct rowlist *list, uint64_t pc)
{
	size_t low = 0, high = list->count;

	if (pc < list->base || pc >= list->end)
		return RULESET_NONE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->rows[middle].pc <= pc - list->base)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? list->rows[low - 1].rule : RULESET_NONE;
}

void rowlist_overlay(struct rowlist *into, const struct rowlist *from)
{
	struct rowlist both = { .base = into->base, .end = into->end, .failed = into->failed };
	size_t a = 0, b = 0;
	uint32_t rule_a = RULESET_NONE, rule_b = RULESET_NONE;

	assert(into->base == from->base);
	if (from->count == 0) {
		into->failed |= from->failed;
		return;
	}
	while (a < into->count || b < from->count) {
		uint32_t pc_a = a < into->count ? into->rows[a].pc : UINT32_MAX;
		uint32_t pc_b = b < from->count ? from->rows[b].pc : UINT32_MAX;
		uint32_t pc = pc_a < pc_b ? pc_a : pc_b;

		if (a < into->count && pc_a == pc)
			rule_a = into->rows[a++].rule;
		if (b < from->count && pc_b == pc)
			rule_b = from->rows[b++].rule;
		put(&both, pc, rule_a == RULESET_NONE ? rule_b : rule_a);
	}
	both.failed |= from->failed;
	rowlist_fini(into);
	*into = both;
}
