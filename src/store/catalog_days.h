/* catalog_days: which series have profiles on a day; for catalog's own files, under its lock. */
#ifndef STORE_CATALOG_DAYS_H
#define STORE_CATALOG_DAYS_H

#include "store/catalog.h"

struct catalog_day *catalog_days_find(const struct catalog *catalog, uint32_t day);
void catalog_days_fini(struct catalog_day *day);
int catalog_days_load(struct catalog *catalog, struct rocks *rocks, struct err *err);

/* The list of its series, and what those are that are new in it. */
void catalog_days_save(struct catalog *catalog, struct rocks *rocks, struct catalog_day *day,
	rocksdb_writebatch_t *batch);
void catalog_days_saved(struct catalog_day *day, bool is_written);

/* Its list without those series (NULL = without any: no list). */
void catalog_days_put_without(struct rocks *rocks, rocksdb_writebatch_t *batch,
	const struct catalog_day *day, const roaring_bitmap_t *gone);

/* Takes those series out of it, or it out of the catalog; on disk it is so. */
void catalog_days_drop(
	struct catalog *catalog, struct catalog_day *day, const roaring_bitmap_t *gone);

#endif
