/*
 * map: 64-bit keys to 64-bit values, open addressing.
 *
 * Any key is allowed. Linear probing over a power of two, at most 3/4 full.
 * Pointers returned are good until the next map_add.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
	uint64_t key;
	uint64_t value;
};

struct map {
	struct map_slot *slots; /* owned */
	uint8_t *used;          /* owned; one flag a slot */
	size_t count;
	size_t cap; /* 0 or a power of two */
};

#define MAP_AUTO __attribute__((cleanup(map_fini))) struct map

/* A zeroed struct map is a valid empty one. */
void map_fini(struct map *map);

/* The value of `key`, or NULL. */
uint64_t *map_find(const struct map *map, uint64_t key);

/* The value of `key`, new and 0 if it was not there (*ret_new says; may be NULL); NULL without
 * memory. */
uint64_t *map_add(struct map *map, uint64_t key, bool *ret_new);

/* True if it was there. */
bool map_remove(struct map *map, uint64_t key);

/* Walks all slots: start with *cursor = 0; NULL at the end. */
struct map_slot *map_next(const struct map *map, size_t *cursor);

#endif
