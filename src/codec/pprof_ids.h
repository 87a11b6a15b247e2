/*
 * pprof_ids: from the ids of a table's entries to their places in it.
 *
 * Most writers count up from 1: while they do, nothing is stored. Else an array serves for ids
 * not far beyond the number of entries, and a map for the rest, so that a lying id costs its
 * writer nothing but an entry.
 */
#ifndef CODEC_PPROF_IDS_H
#define CODEC_PPROF_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

#define PPROF_IDS_NONE UINT32_MAX

struct pprof_ids {
	size_t entries_max; /* as promised to init */
	size_t count;
	size_t n_in_order; /* the first so many entries have the ids 1, 2, 3 … */
	uint32_t *dense;   /* owned; the place plus one, 0 = no such id; NULL until one is needed */
	size_t n_dense;
	struct map sparse;
};

void pprof_ids_init(struct pprof_ids *ids, size_t entries_max);
void pprof_ids_fini(struct pprof_ids *ids);

/* Names the next entry. 0, ERR_NOMEM, or ERR_CORRUPT if the id was there before. */
int pprof_ids_add(struct pprof_ids *ids, uint64_t id);

uint32_t pprof_ids_find_other(const struct pprof_ids *ids, uint64_t id);

/* The entry's place, or PPROF_IDS_NONE. Id 0 is no entry's. */
static inline uint32_t pprof_ids_find(const struct pprof_ids *ids, uint64_t id)
{
	return id - 1 < ids->n_in_order ? (uint32_t)id - 1 : pprof_ids_find_other(ids, id);
}

#endif
