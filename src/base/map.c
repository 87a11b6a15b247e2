/* map: 64-bit keys to 64-bit values, open addressing. */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

#define FIRST_CAP 32

void map_fini(struct map *map)
{
	free(map->slots);
	free(map->used);
	*map = (struct map){ 0 };
}

/* The slot that holds `key`, or the free one where it would go. */
static size_t probe(const struct map *map, uint64_t key)
{
	size_t mask = map->cap - 1;
	size_t at = hash_keyed(key) & mask;

	while (map->used[at] && map->slots[at].key != key)
		at = (at + 1) & mask;
	return at;
}

uint64_t *map_find(const struct map *map, uint64_t key)
{
	size_t at;

	if (map->cap == 0)
		return NULL;
	at = probe(map, key);
	return map->used[at] ? &map->slots[at].value : NULL;
}

static bool grow(struct map *map)
{
	struct map bigger = { .cap = map->cap ? map->cap * 2 : FIRST_CAP, .count = map->count };

	bigger.slots = vec_zeroed(bigger.cap * sizeof(*bigger.slots));
	bigger.used = calloc(bigger.cap, 1);
	if (!bigger.slots || !bigger.used) {
		map_fini(&bigger);
		return false;
	}
	for (size_t i = 0; i < map->cap; i++) {
		size_t at;

		if (!map->used[i])
			continue;
		at = probe(&bigger, map->slots[i].key);
		bigger.slots[at] = map->slots[i];
		bigger.used[at] = 1;
	}
	map_fini(map);
	*map = bigger;
	return true;
}

uint64_t *map_add(struct map *map, uint64_t key, bool *ret_new)
{
	size_t at;

	if ((map->count + 1) * 4 > map->cap * 3 && !grow(map))
		return NULL;
	at = probe(map, key);
	if (ret_new)
		*ret_new = !map->used[at];
	if (!map->used[at]) {
		map->used[at] = 1;
		map->slots[at] = (struct map_slot){ .key = key };
		map->count++;
	}
	return &map->slots[at].value;
}

bool map_remove(struct map *map, uint64_t key)
{
	size_t mask = map->cap - 1;
	size_t hole, at;

	if (map->cap == 0)
		return false;
	hole = probe(map, key);
	if (!map->used[hole])
		return false;
	/* Moves later members of the run back, so that no probe meets a false end. */
	for (at = (hole + 1) & mask; map->used[at]; at = (at + 1) & mask) {
		size_t home = hash_keyed(map->slots[at].key) & mask;

		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	map->used[hole] = 0;
	map->count--;
	return true;
}

struct map_slot *map_next(const struct map *map, size_t *cursor)
{
	while (*cursor < map->cap) {
		size_t at = (*cursor)++;

		if (map->used[at])
			return &map->slots[at];
	}
	return NULL;
}
