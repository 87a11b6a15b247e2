/*
 * arena: many small allocations, freed together.
 *
 * Memory comes zeroed and aligned to 8 bytes. An arena has a limit from birth;
 * past it, or without memory, it returns NULL and `failed` stays set.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/view.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* owned, newest first */
	size_t used;                /* bytes handed out, with padding */
	size_t max;                 /* 0 means no limit */
	bool failed;
};

#define ARENA_AUTO __attribute__((cleanup(arena_fini))) struct arena

void arena_init(struct arena *arena, size_t max);
void arena_fini(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy. */
char *arena_copy(struct arena *arena, struct view text);

#endif
