/*
 * pprof_ids: from the ids of a file to the ids of the model.
 *
 * Most writers count up from 1, so an array serves; an id far beyond the number of entries goes
 * to a map, so that a lying id costs its writer nothing but an entry.
 */
#ifndef CODEC_PPROF_IDS_H
#define CODEC_PPROF_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

#define PPROF_IDS_NONE UINT32_MAX

struct pprof_ids {
	uint32_t *dense; /* owned; the model's id plus one, 0 = no such id */
	size_t n_dense;
	struct map sparse;
};

/* Room for `count` entries; false without memory. */
bool pprof_ids_init(struct pprof_ids *ids, size_t count);
void pprof_ids_fini(struct pprof_ids *ids);

/* 0, ERR_NOMEM, or ERR_CORRUPT if the file's id was there before. */
int pprof_ids_add(struct pprof_ids *ids, uint64_t from, uint32_t to);

uint32_t pprof_ids_find_sparse(const struct pprof_ids *ids, uint64_t from);

/* The model's id, or PPROF_IDS_NONE. */
static inline uint32_t pprof_ids_find(const struct pprof_ids *ids, uint64_t from)
{
	return from < ids->n_dense ? ids->dense[from] - 1 : pprof_ids_find_sparse(ids, from);
}

#endif
