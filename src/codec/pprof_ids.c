/* pprof_ids: from the ids of a file to the ids of the model. */
#include "codec/pprof_ids.h"

#include <stdlib.h>

#include "base/err.h"

#define DENSE_FACTOR 4 /* slots of the array to an entry of the table */
#define DENSE_EXTRA 64

bool pprof_ids_init(struct pprof_ids *ids, size_t count)
{
	*ids = (struct pprof_ids){ .n_dense = count * DENSE_FACTOR + DENSE_EXTRA };
	ids->dense = calloc(ids->n_dense, sizeof(*ids->dense));
	if (!ids->dense)
		ids->n_dense = 0;
	return ids->dense;
}

void pprof_ids_fini(struct pprof_ids *ids)
{
	free(ids->dense);
	map_fini(&ids->sparse);
	*ids = (struct pprof_ids){ 0 };
}

int pprof_ids_add(struct pprof_ids *ids, uint64_t from, uint32_t to)
{
	uint64_t *place;
	bool is_new;

	if (from < ids->n_dense) {
		if (ids->dense[from])
			return ERR_CORRUPT;
		ids->dense[from] = to + 1;
		return 0;
	}
	place = map_add(&ids->sparse, from, &is_new);
	if (!place)
		return ERR_NOMEM;
	*place = to;
	return is_new ? 0 : ERR_CORRUPT;
}

uint32_t pprof_ids_find_sparse(const struct pprof_ids *ids, uint64_t from)
{
	const uint64_t *found = map_find(&ids->sparse, from);

	return found ? (uint32_t)*found : PPROF_IDS_NONE;
}
