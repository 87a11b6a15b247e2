/*
 * rowlist: unwind rows of one object while they are collected, sorted by address.
 *
 * A rule holds from its row's address to the next row's. Rows before the first are NONE.
 */
#ifndef UNWIND_ROWLIST_H
#define UNWIND_ROWLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gaps between functions that are shorter hold padding, which no program stands in: they take the
 * rule before them. */
#define ROWLIST_GAP_MIN 16u

struct rowlist_row {
	uint32_t pc; /* from `base` */
	uint32_t rule;
};

struct rowlist {
	uint64_t base, end;       /* file addresses that may have rows; end - base < 4 GiB */
	struct rowlist_row *rows; /* owned */
	size_t count, cap;
	uint32_t gap_from; /* where the last function ended */
	bool gap;
	bool failed; /* no memory, or more than UNWIND_TABLE_ROWS_MAX */
};

void rowlist_fini(struct rowlist *list);
void rowlist_clear(struct rowlist *list); /* keeps the range and the memory */

/* A function covers [start, end): its rows follow, with rowlist_add. The part that earlier
 * functions cover, and what lies outside the list's range, is cut off; false if nothing is left. To
 * be called in the order of `start`. */
bool rowlist_function(struct rowlist *list, uint64_t *start, uint64_t *end);

/* From `pc` on (not before the last one, nor before the function's start) this rule holds. */
void rowlist_add(struct rowlist *list, uint64_t pc, uint32_t rule);

/* Closes the last function. */
void rowlist_finish(struct rowlist *list);

/* The rule that holds at an address; RULESET_NONE outside the range. */
uint32_t rowlist_find(const struct rowlist *list, uint64_t pc);

/* Where `into` has no rule (RULESET_NONE), that of `from`, which has the same base. */
void rowlist_overlay(struct rowlist *into, const struct rowlist *from);

#endif
