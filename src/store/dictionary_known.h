/*
 * dictionary_known: the stacks that came before, found by content at once.
 *
 * Most stacks of a service's profile were in the profile before it. One look here spares the walk
 * down the tree of the dictionary, and all of the frames on the way. It holds what was asked for
 * since the store is open, and is a help only: what is not here may yet be in the dictionary.
 */
#ifndef STORE_DICTIONARY_KNOWN_H
#define STORE_DICTIONARY_KNOWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct dictionary_known_slot { /* 96 bits of the content */
	uint64_t high;
	uint32_t low;
	uint32_t node; /* 0 = free */
};

struct dictionary_known {                    /* a zeroed one is empty */
	struct dictionary_known_slot *slots; /* owned */
	size_t count, cap;
};

void dictionary_known_fini(struct dictionary_known *known);

/* The node of the stack; 0 if it is not here. */
uint32_t dictionary_known_find(const struct dictionary_known *known, struct hash128 content);

/* A stack that was not found. Without memory it is forgotten. */
void dictionary_known_add(struct dictionary_known *known, struct hash128 content, uint32_t node);

/* It will be looked for soon. */
static inline void dictionary_known_ask(
	const struct dictionary_known *known, struct hash128 content)
{
	if (known->cap)
		__builtin_prefetch(&known->slots[content.low & (known->cap - 1)]);
}

#endif
