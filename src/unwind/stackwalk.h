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

/* The bytes of the stack from `address` on; whatever lies outside gives UNWIND_SLICE. It may begin
 * at the stack pointer, and better does UNWIND_RED_ZONE bytes below. */
struct stackwalk_slice {
	const void *at;
	uint64_t address;
	size_t len;
};

/* Where a walk puts its frames: an address inside the calling instruction of each, leaf first. */
struct stackwalk_frames {
	uint64_t *at; /* borrowed; room for `max` */
	size_t max, count;
};

/* In the interrupted frame: fill in walk->regs first. The process is all of tables->mappings. */
void stackwalk_start(struct unwind_walk *walk, const struct stackwalk_tables *tables);

/* Appends frames, that of `walk` itself included, until something ends it: UNWIND_DEPTH when they
 * are full. A walk that goes on where another stopped must drop that frame from the list, since it
 * is added again. Sets walk->process and walk->mapping anew. */
enum unwind_result stackwalk_run(struct unwind_walk *walk, const struct stackwalk_tables *tables,
	const struct stackwalk_slice *slice, struct stackwalk_frames *frames);

#endif
