/*
 * unwind_space: the memory that all tables share: rows in shards, pages, rules.
 *
 * The memory itself comes from outside: BPF maps that are mmapped, or plain memory. What is
 * written here becomes visible to walkers once the caller writes a mapping that points at it,
 * never before. What is removed is not reused until unwind_space_settle, because a walk on another
 * processor may still be reading it.
 */
#ifndef UNWIND_UNWIND_SPACE_H
#define UNWIND_UNWIND_SPACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/unwind_abi.h"

struct unwind_table;
struct unwind_space;

struct unwind_space_memory {
	/* Makes shard `index` and returns its UNWIND_SHARD_ROWS rows, writable; NULL if that fails.
	 * A dropped shard may be made again. */
	struct unwind_row *(*new_shard)(void *owner, uint32_t index);
	void (*drop_shard)(void *owner, uint32_t index);
	void *owner;
	struct unwind_page *pages; /* borrowed, n_pages_max entries */
	struct unwind_rule *rules; /* borrowed, UNWIND_RULES_MAX entries */
	uint32_t n_pages_max, n_shards_max;
};

/* Where a table lies: what a struct unwind_mapping needs to know of it. */
struct unwind_space_place {
	uint32_t first_page, first_page_no, n_pages;
	size_t n_rows;
	void *extents; /* the space's own */
};

struct unwind_space_stats {
	size_t tables, rows, pages, rules, shards;
	size_t row_bytes;      /* of all shards that exist, filled or not */
	size_t rules_overflow; /* rules made UNSUPPORTED because their table was full */
};

/* *ret is owned. `memory` is copied; its arrays must outlive the space. Rules 0 and 1 (NONE and
 * UNSUPPORTED) are written here. */
int unwind_space_new(
	const struct unwind_space_memory *memory, struct unwind_space **ret, struct err *err);
void unwind_space_free(struct unwind_space *space);

/* Copies the table in. ERR_LIMIT: no room; remove others and try again. On failure nothing is
 * kept. */
int unwind_space_add(struct unwind_space *space, const struct unwind_table *table,
	struct unwind_space_place *ret, struct err *err);

/* Takes `place`, which is then empty. Rules stay: they are few and shared. */
void unwind_space_remove(struct unwind_space *space, struct unwind_space_place *place);

/* Lets what was removed until now be used again. To be called when every walk that began before
 * has ended; waiting a few milliseconds after the last remove is enough. */
void unwind_space_settle(struct unwind_space *space);

void unwind_space_get_stats(const struct unwind_space *space, struct unwind_space_stats *ret);

#endif
