/* unwind_table: the unwind rows of one object, in plain memory. */
#include "unwind/unwind_table.h"

#include <assert.h>
#include <stdlib.h>

#include "object/object.h"
#include "unwind/cfi.h"
#include "unwind/gorows.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"
#include "unwind/stubs.h"

#define PAGE_SIZE ((uint64_t)1 << UNWIND_PAGE_SHIFT)

/* The addresses that the executable segments span, from the start of a page on. */
static int code_range(const struct object *object, struct rowlist *ret, struct err *err)
{
	uint64_t from = UINT64_MAX, to = 0;
	size_t count;
	const Elf64_Phdr *segments = object_segments(object, &count);

	for (size_t i = 0; i < count; i++) {
		uint64_t end;

		if (segments[i].p_type != PT_LOAD || !(segments[i].p_flags & PF_X) ||
			__builtin_add_overflow(segments[i].p_vaddr, segments[i].p_memsz, &end))
			continue;
		from = segments[i].p_vaddr < from ? segments[i].p_vaddr : from;
		to = end > to ? end : to;
	}
	if (from >= to)
		return err_set(
			err, ERR_NOT_FOUND, "%s: no executable segment", object_name(object));
	from &= ~(PAGE_SIZE - 1);
	if (to - from >= UNWIND_TABLE_PAGES_MAX * PAGE_SIZE || to >> UNWIND_PAGE_SHIFT > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "%s: code spans %llu bytes; the limit is 4 GiB",
			object_name(object), (unsigned long long)(to - from));
	*ret = (struct rowlist){ .base = from, .end = to };
	return 0;
}

/* Adds what `rows` has no rule for: Go's functions, then stubs. */
static int overlay(const struct object *object, struct ruleset *rules, struct rowlist *rows,
	struct unwind_table_stats *stats)
{
	struct rowlist go = { .base = rows->base, .end = rows->end };
	struct rowlist stubs = { .base = rows->base, .end = rows->end };
	int rc = gorows_read(object, rules, &go, &stats->functions, &stats->bad);

	if (rc == 0)
		rowlist_overlay(rows, &go);
	stubs_read(object, rows, rules, &stubs);
	rowlist_overlay(rows, &stubs);
	rowlist_fini(&go);
	rowlist_fini(&stubs);
	if (rows->failed)
		return ERR_LIMIT;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/* The dynamic loader keeps frames in rbx. */
static bool needs_rbx(const struct ruleset *rules)
{
	for (uint32_t i = 0; i < rules->count; i++)
		if (rules->rules[i].cfa == UNWIND_CFA_REG && rules->rules[i].reg == UNWIND_RBX)
			return true;
	return false;
}

static int collect(const struct object *object, struct ruleset *rules, struct rowlist *rows,
	struct unwind_table_stats *stats)
{
	/* Go's .debug_frame knows neither where stacks end nor where they change. */
	bool is_go =
		object_section(object, ".gopclntab") || object_section(object, ".go.buildinfo");
	struct cfi_options options = { .debug_frame = !is_go };
	struct cfi_stats cfi;
	int rc = cfi_read(object, options, rules, rows, &cfi);

	if (rc == 0 && needs_rbx(rules)) {
		rowlist_clear(rows);
		ruleset_fini(rules);
		options.with_rbx = true;
		if (!ruleset_init(rules, NULL, UNWIND_RULES_MAX))
			return ERR_NOMEM;
		rc = cfi_read(object, options, rules, rows, &cfi);
	}
	if (rc == ERR_LIMIT || rc == ERR_NOMEM)
		return rc;
	stats->functions = cfi.functions;
	stats->bad = cfi.bad;
	return overlay(object, rules, rows, stats);
}

/* Each page begins with the rule that holds at its start. `rows` = NULL only counts. */
static size_t fill_pages(const struct rowlist *list, struct unwind_page *pages, size_t n_pages,
	struct unwind_row *rows)
{
	uint32_t rule = RULESET_NONE;
	size_t from = 0, total = 0;

	for (size_t page = 0; page < n_pages; page++) {
		size_t first = total;
		bool carried = from == list->count || list->rows[from].pc != page * PAGE_SIZE;
		bool empty = carried && rule == RULESET_NONE &&
			     (from == list->count || list->rows[from].pc / PAGE_SIZE != page);

		if (carried && !empty) {
			if (rows)
				rows[total] = (struct unwind_row){ 0, (uint16_t)rule };
			total++;
		}
		for (; from < list->count && list->rows[from].pc / PAGE_SIZE == page; from++) {
			rule = list->rows[from].rule;
			if (rows)
				rows[total] = (struct unwind_row){ (uint16_t)list->rows[from].pc,
					(uint16_t)rule };
			total++;
		}
		pages[page] = (struct unwind_page){ (uint32_t)first, (uint32_t)(total - first) };
	}
	return total;
}

static int pack(const struct rowlist *list, struct unwind_table *ret)
{
	ret->n_pages = (list->end - list->base + PAGE_SIZE - 1) / PAGE_SIZE;
	ret->first_page_no = (uint32_t)(list->base >> UNWIND_PAGE_SHIFT);
	ret->pages = malloc(ret->n_pages * sizeof(*ret->pages));
	if (!ret->pages)
		return ERR_NOMEM;
	ret->n_rows = fill_pages(list, ret->pages, ret->n_pages, NULL);
	if (ret->n_rows == 0)
		return ERR_NOT_FOUND;
	ret->rows = malloc(ret->n_rows * sizeof(*ret->rows));
	if (!ret->rows)
		return ERR_NOMEM;
	fill_pages(list, ret->pages, ret->n_pages, ret->rows);
	return 0;
}

/* Takes the rules out of `set`, without its spare room. */
static void take_rules(struct ruleset *set, struct unwind_table *ret)
{
	struct unwind_rule *less = realloc(set->rules, set->count * sizeof(*set->rules));

	ret->rules = less ? less : set->rules;
	ret->n_rules = set->count;
	set->rules = NULL;
}

static void count_unsupported(struct unwind_table *table)
{
	for (size_t i = 0; i < table->n_rows; i++)
		table->stats.unsupported += table->rows[i].rule == RULESET_UNSUPPORTED;
}

int unwind_table_build(const struct object *object, struct unwind_table *ret, struct err *err)
{
	struct unwind_table table = { 0 };
	struct rowlist rows = { 0 };
	struct ruleset rules;
	int rc = code_range(object, &rows, err);

	if (rc < 0)
		return rc;
	if (!ruleset_init(&rules, NULL, UNWIND_RULES_MAX))
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = collect(object, &rules, &rows, &table.stats);
	if (rc == 0)
		rc = pack(&rows, &table);
	if (rc == 0) {
		take_rules(&rules, &table);
		count_unsupported(&table);
		*ret = table;
	} else {
		err_set(err, rc, "%s: unwind tables: %s", object_name(object), err_name(rc));
		unwind_table_fini(&table);
	}
	rowlist_fini(&rows);
	ruleset_fini(&rules);
	return rc;
}

void unwind_table_fini(struct unwind_table *table)
{
	free(table->rows);
	free(table->pages);
	free(table->rules);
	*table = (struct unwind_table){ 0 };
}

const struct unwind_rule *unwind_table_find(const struct unwind_table *table, uint64_t address)
{
	uint64_t page_no = (address >> UNWIND_PAGE_SHIFT) - table->first_page_no;
	const struct unwind_page *page;
	uint32_t at, left;

	if (page_no >= table->n_pages || table->pages[page_no].n_rows == 0)
		return &table->rules[RULESET_NONE];
	page = &table->pages[page_no];
	at = page->first_row;
	for (left = page->n_rows; left > 1; left -= left / 2)
		if (table->rows[at + left / 2].pc_low <= (uint16_t)address)
			at += left / 2;
	return &table->rules[table->rows[at].rule];
}
