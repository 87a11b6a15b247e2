/*
 * codetable: the names of code that a process generates while it runs.
 *
 * Entries come in the order of time; code written over older code hides it. What a perf map or a
 * jitdump says ends up here. Everything in it was written by the profiled process.
 */
#ifndef SYMBOL_CODETABLE_H
#define SYMBOL_CODETABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/view.h"
#include "symbol/range.h"

#define CODETABLE_ENTRIES_MAX 1000000u /* "1 M lines"; more are ignored */
#define CODETABLE_LINES_MAX 4000000u
#define CODETABLE_TEXT_MAX ((size_t)64 << 20)
#define CODETABLE_NAME_MAX ((size_t)16 << 10) /* longer names are cut */

struct code_entry {
	uint64_t start, size;
	uint32_t name, name_len;      /* in text */
	uint32_t first_line, n_lines; /* in lines, sorted by address */
	uint64_t base;                /* the address the lines count from: start before moves */
};

struct code_line {
	uint64_t address;
	uint32_t file, file_len; /* in text */
	uint32_t line;
};

struct codetable {
	struct code_entry *entries; /* owned */
	struct code_line *lines;    /* owned */
	struct range *flat;         /* owned; what codetable_find searches */
	struct buf text;
	struct map file_of; /* hash of a file name -> its place in text: they repeat */
	size_t n_entries, cap_entries, n_lines, cap_lines, n_flat;
	size_t n_taken; /* lines that belong to an entry */
	bool full;      /* a limit was met and something is missing */
};

/* What is at an address; views are good until the table changes. */
struct code_hit {
	struct view name, file; /* file is empty if unknown */
	uint64_t start;
	uint32_t line; /* 0 = unknown */
};

/* A zeroed struct codetable is a valid empty one, but for its text limit. */
void codetable_init(struct codetable *table);
void codetable_fini(struct codetable *table);

/* False if it was not added: empty, past the end of addresses, or a limit was met. */
bool codetable_add(struct codetable *table, uint64_t start, uint64_t size, struct view name);

/* Lines wait for the entry added next: codetable_add takes all lines added since the one before.
 * Addresses are those of the code. */
bool codetable_add_line(struct codetable *table, uint64_t address, struct view file, uint32_t line);

/* The code of entry `index` also lives at `start` from now on. */
bool codetable_move(struct codetable *table, size_t index, uint64_t start);

/* Makes what was added visible to codetable_find. 0 or ERR_NOMEM. */
int codetable_index(struct codetable *table);

bool codetable_find(const struct codetable *table, uint64_t address, struct code_hit *ret);

#endif
