/*
 * stackwalk: walks a stack in user space, over registers, a copied slice of the stack and the same
 * tables that BPF reads.
 *
 * Goes on from wherever a walk in BPF stopped (its struct unwind_walk), or begins one.
 */
#ifndef UNWIND_STACKWALK_H
#define UNWIND_STACKWALK_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/unwind_abi.h"

struct stackwalk_tables {
	const struct unwind_mapping *mappings; /* sorted by start; all borrowed */
	const struct unwind_page *pages;
	const struct unwind_rule *rules;
	const struct unwind_row *const *shards; /* NULL entries where there is none */
	uint32_t n_mappings, n_pages, n_rules, n_shards;
};

/* The bytes of the stack from `address` on; whatever lies outside gives UNWIND_SLICE. */
struct stackwalk_slice {
	const void *at;
	uint64_t address;
	size_t len;
};

/* In the interrupted frame: fill in walk->regs first. The process is all of tables->mappings. */
void stackwalk_start(struct unwind_walk *walk, const struct stackwalk_tables *tables);

/* Appends an address inside the calling instruction of each frame, this one included, to
 * frames[*n]; at most up to frames[max - 1]. Returns the result that ended it: UNWIND_DEPTH
 * when `max` was reached first. A walk that goes on where another stopped must drop that frame
 * from its list, since it is added again; unwind_walk.process and .mapping are set anew. */
enum unwind_result stackwalk_run(struct unwind_walk *walk, const struct stackwalk_tables *tables,
	const struct stackwalk_slice *slice, uint64_t *frames, size_t max, size_t *n);

#endif
