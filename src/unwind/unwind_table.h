/*
 * unwind_table: the unwind rows of one object, in plain memory.
 *
 * Rows come from .eh_frame, else .debug_frame, from Go's pclntab, and from what we know of code
 * that has neither (PLT, the program's entry, Go's thread starts). A table is position-independent:
 * it speaks file addresses, and its rules are its own until unwind_space takes it in.
 */
#ifndef UNWIND_UNWIND_TABLE_H
#define UNWIND_UNWIND_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/unwind_abi.h"

#define UNWIND_TABLE_ROWS_MAX ((size_t)1 << 24)    /* 64 MiB once packed */
#define UNWIND_TABLE_PAGES_MAX ((size_t)1 << 16)   /* 4 GiB of code */
#define UNWIND_TABLE_SECTION_MAX ((size_t)1 << 28) /* bytes of .eh_frame or .debug_frame */

struct object;

struct unwind_table_stats {
	size_t functions;   /* FDEs and Go functions read */
	size_t bad;         /* of these, skipped or cut short as malformed */
	size_t unsupported; /* rows whose rule we cannot express */
};

struct unwind_table {
	struct unwind_row *rows;   /* owned; `rule` is an index into rules */
	struct unwind_page *pages; /* owned; first_row is an index into rows */
	struct unwind_rule *rules; /* owned; rule 0 is UNWIND_CFA_NONE */
	size_t n_rows, n_pages, n_rules;
	uint32_t first_page_no; /* file address >> UNWIND_PAGE_SHIFT of pages[0] */
	struct unwind_table_stats stats;
};

/* ERR_NOT_FOUND: the object has nothing to make rows from. ERR_LIMIT: more than the limits above.
 * A malformed part is skipped and counted. *ret is owned: unwind_table_fini. */
int unwind_table_build(const struct object *object, struct unwind_table *ret, struct err *err);
void unwind_table_fini(struct unwind_table *table);

/* The rule at a file address; rule 0 where there is none. */
const struct unwind_rule *unwind_table_find(const struct unwind_table *table, uint64_t address);

#endif
