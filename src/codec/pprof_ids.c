/* pprof_ids: from the ids of a table's entries to their places in it. */
#include "codec/pprof_ids.h"

#include <assert.h>
#include <stdlib.h>

#include "base/err.h"

#define DENSE_FACTOR 4 /* slots of the array to an entry of the table */
#define DENSE_EXTRA 64

void pprof_ids_init(struct pprof_ids *ids, size_t entries_max)
{
	*ids = (struct pprof_ids){ .entries_max = entries_max };
}

void pprof_ids_fini(struct pprof_ids *ids)
{
	free(ids->dense);
	map_fini(&ids->sparse);
	*ids = (struct pprof_ids){ 0 };
}

static bool make_dense(struct pprof_ids *ids)
{
	size_t size = ids->entries_max * DENSE_FACTOR + DENSE_EXTRA;

	if (!ids->dense)
		ids->dense = calloc(size, sizeof(*ids->dense));
	if (!ids->dense)
		return false;
	ids->n_dense = size;
	return true;
}

int pprof_ids_add(struct pprof_ids *ids, uint64_t id)
{
	uint32_t place = (uint32_t)ids->count++;
	uint64_t *found;
	bool is_new;

	assert(id && ids->count <= ids->entries_max);
	if (place == ids->n_in_order && id == place + 1ULL) {
		ids->n_in_order++;
		return 0;
	}
	if (pprof_ids_find(ids, id) != PPROF_IDS_NONE)
		return ERR_CORRUPT;
	if (!make_dense(ids))
		return ERR_NOMEM;
	if (id < ids->n_dense) {
		ids->dense[id] = place + 1;
		return 0;
	}
	found = map_add(&ids->sparse, id, &is_new);
	if (!found)
		return ERR_NOMEM;
	*found = place;
	return 0;
}

uint32_t pprof_ids_find_other(const struct pprof_ids *ids, uint64_t id)
{
	const uint64_t *found;

	if (id < ids->n_dense)
		return ids->dense[id] - 1;
	found = map_find(&ids->sparse, id);
	return found ? (uint32_t)*found : PPROF_IDS_NONE;
}
