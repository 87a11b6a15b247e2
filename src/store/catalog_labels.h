/* catalog_labels: who has which label, for the catalog's own files. The lock is the caller's. */
#ifndef STORE_CATALOG_LABELS_H
#define STORE_CATALOG_LABELS_H

#include "store/catalog.h"

bool catalog_labels_add(struct catalog_labels *labels, const struct series_info *info, uint32_t id);
void catalog_labels_remove(struct catalog_labels *labels, const roaring_bitmap_t *gone);
void catalog_labels_fini(struct catalog_labels *labels);

/* Forgets the names and values that no series has; false without memory: all stays as it was. */
bool catalog_labels_shrink(struct catalog_labels *labels);

size_t catalog_labels_bytes(const struct catalog_labels *labels);

#endif
