/*
 * intern: a set of ids, found by content.
 *
 * The set holds only ids and hashes; what an id means, and whether it equals the
 * thing looked for, the owner says. Ids are 0 to 2^32 - 2.
 */
#ifndef MODEL_INTERN_H
#define MODEL_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERN_NONE UINT32_MAX

struct intern_slot {
	uint32_t id_plus_one; /* 0 = free */
	uint32_t hash;        /* the low half of the 64-bit hash */
};

struct intern {
	struct intern_slot *slots; /* owned */
	size_t count, cap;
};

/* Says whether the thing named `id` equals the thing looked for. */
typedef bool intern_equal(const void *owner, uint32_t id, const void *wanted);

/* A zeroed struct intern is a valid empty one. */
void intern_fini(struct intern *set);

/* The id of the equal thing, or INTERN_NONE. */
uint32_t intern_find(const struct intern *set, uint64_t hash, intern_equal *equal,
	const void *owner, const void *wanted);

/* The slot of the equal thing, or the free one where it goes (id_plus_one is 0): to look and to add
 * at one walk. NULL without memory. The slot is good until the next is put. */
struct intern_slot *intern_seek(struct intern *set, uint64_t hash, intern_equal *equal,
	const void *owner, const void *wanted);
void intern_put(struct intern *set, struct intern_slot *slot, uint64_t hash, uint32_t id);

/* Room for `count` ids in all, so that the table need not be built anew on the way there. */
bool intern_reserve(struct intern *set, size_t count);

/* Adds an id that intern_find did not find; false without memory. */
bool intern_add(struct intern *set, uint64_t hash, uint32_t id);

#endif
