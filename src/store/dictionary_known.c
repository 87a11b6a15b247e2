/* dictionary_known: the stacks that came before, found by content at once. */
#include "store/dictionary_known.h"

#include <stdlib.h>

#include "base/vec.h"

#define FIRST_CAP 256

void dictionary_known_fini(struct dictionary_known *known)
{
	free(known->slots);
	*known = (struct dictionary_known){ 0 };
}

uint32_t dictionary_known_find(const struct dictionary_known *known, struct hash128 content)
{
	size_t mask = known->cap - 1;

	if (known->cap == 0)
		return 0;
	for (size_t at = content.low & mask; known->slots[at].node; at = (at + 1) & mask)
		if (known->slots[at].high == content.high &&
			known->slots[at].low == (uint32_t)content.low)
			return known->slots[at].node;
	return 0;
}

static void put(struct dictionary_known *known, struct dictionary_known_slot slot)
{
	size_t mask = known->cap - 1;
	size_t at = slot.low & mask;

	while (known->slots[at].node)
		at = (at + 1) & mask;
	known->slots[at] = slot;
	known->count++;
}

static bool grow(struct dictionary_known *known)
{
	struct dictionary_known bigger = { .cap = known->cap ? known->cap * 2 : FIRST_CAP };

	bigger.slots = vec_zeroed(bigger.cap * sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < known->cap; i++)
		if (known->slots[i].node)
			put(&bigger, known->slots[i]);
	free(known->slots);
	*known = bigger;
	return true;
}

void dictionary_known_add(struct dictionary_known *known, struct hash128 content, uint32_t node)
{
	if ((known->count + 1) * 4 > known->cap * 3 && !grow(known))
		return;
	put(known, (struct dictionary_known_slot){ content.high, (uint32_t)content.low, node });
}
