/* arena: many small allocations, freed together. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 << 10)
#define ALIGN 8

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	char bytes[];
};

void arena_init(struct arena *arena, size_t max)
{
	*arena = (struct arena){ .max = max };
}

void arena_fini(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
	*arena = (struct arena){ .max = arena->max };
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t bytes = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *block = malloc(sizeof(*block) + bytes);

	if (!block)
		return NULL;
	block->used = 0;
	block->size = bytes;
	/* A big allocation goes behind the current block, which may still have room. */
	if (size > BLOCK_SIZE / 4 && arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return block;
}

static void *take(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	void *at;

	if (arena->failed || size > SIZE_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (arena->max && (size > arena->max || arena->used > arena->max - size)) {
		arena->failed = true;
		return NULL;
	}
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	at = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *at = take(arena, size);

	return at ? memset(at, 0, size) : NULL;
}

char *arena_copy(struct arena *arena, struct view text)
{
	char *copy = take(arena, text.len + 1);

	if (!copy)
		return NULL;
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	return copy;
}
