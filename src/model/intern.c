/* intern: a set of ids, found by content. */
#include "model/intern.h"

#include <stdlib.h>

#include "base/vec.h"

#define FIRST_CAP 64

void intern_fini(struct intern *set)
{
	free(set->slots);
	*set = (struct intern){ 0 };
}

/* There is a free one in every set that has any. */
static struct intern_slot *slot_of(const struct intern *set, uint64_t hash, intern_equal *equal,
	const void *owner, const void *wanted)
{
	size_t mask = set->cap - 1;

	for (size_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
		struct intern_slot *slot = &set->slots[at];

		if (!slot->id_plus_one || (slot->hash == (uint32_t)hash &&
						  equal(owner, slot->id_plus_one - 1, wanted)))
			return slot;
	}
}

uint32_t intern_find(const struct intern *set, uint64_t hash, intern_equal *equal,
	const void *owner, const void *wanted)
{
	return set->cap ? slot_of(set, hash, equal, owner, wanted)->id_plus_one - 1 : INTERN_NONE;
}

static void put(struct intern *set, struct intern_slot slot)
{
	size_t mask = set->cap - 1;
	size_t at = slot.hash & mask;

	while (set->slots[at].id_plus_one)
		at = (at + 1) & mask;
	set->slots[at] = slot;
}

static bool grow(struct intern *set, size_t cap)
{
	struct intern bigger = { .count = set->count, .cap = cap };

	bigger.slots = vec_zeroed(bigger.cap * sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < set->cap; i++)
		if (set->slots[i].id_plus_one)
			put(&bigger, set->slots[i]);
	free(set->slots);
	*set = bigger;
	return true;
}

bool intern_reserve(struct intern *set, size_t count)
{
	size_t cap = set->cap ? set->cap : FIRST_CAP;

	while (count * 4 > cap * 3)
		cap *= 2;
	return cap == set->cap || grow(set, cap);
}

struct intern_slot *intern_seek(struct intern *set, uint64_t hash, intern_equal *equal,
	const void *owner, const void *wanted)
{
	if (!intern_reserve(set, set->count + 1))
		return NULL;
	return slot_of(set, hash, equal, owner, wanted);
}

void intern_put(struct intern *set, struct intern_slot *slot, uint64_t hash, uint32_t id)
{
	*slot = (struct intern_slot){ .id_plus_one = id + 1, .hash = (uint32_t)hash };
	set->count++;
}

bool intern_add(struct intern *set, uint64_t hash, uint32_t id)
{
	if (!intern_reserve(set, set->count + 1))
		return false;
	put(set, (struct intern_slot){ .id_plus_one = id + 1, .hash = (uint32_t)hash });
	set->count++;
	return true;
}
