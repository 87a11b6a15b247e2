/* catalog_labels: who has which label, for the catalog's own files. The lock is the caller's. */
#ifndef STORE_CATALOG_LABELS_H
#define STORE_CATALOG_LABELS_H

#include "store/catalog.h"

bool catalog_labels_add(struct catalog *catalog, const struct series_info *info, uint32_t id);
void catalog_labels_remove(struct catalog *catalog, const roaring_bitmap_t *gone);
void catalog_labels_fini(struct catalog *catalog);

#endif
