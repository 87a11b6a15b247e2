/*
 * catalog: the series there are, which days they have profiles in, and who has which label.
 *
 * All of it is in memory; on disk are the series and a bitmap for each day, from which the rest is
 * made. Bitmaps are Roaring's. Series and days that are new are written together with the first
 * samples that need them (catalog_save); only one thread may save.
 */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H

#include <pthread.h>
#include <roaring/roaring.h>

#include "base/map.h"
#include "model/intern.h"
#include "model/strings.h"
#include "store/rocks.h"
#include "store/series_info.h"

#define CATALOG_SERIES_MAX 500000

struct catalog_series {
	char *bytes; /* owned; what `info` looks into */
	size_t len;
	struct series_info info;
};

struct catalog_day {
	uint32_t day;
	roaring_bitmap_t *series;    /* owned */
	roaring_bitmap_t *described; /* owned; those of which the day says itself what they are */
	uint64_t changed, saving, saved;
};

/* The series that have a value for a label: key is "tenant, name" and then "value", see catalog.c.
 */
struct catalog_posting {
	roaring_bitmap_t *series; /* owned */
	uint32_t value;           /* in texts; of one of a name's postings */
};

struct catalog_name {             /* of a label, in one tenant */
	roaring_bitmap_t *series; /* owned; those that have it */
	uint32_t *postings;       /* owned */
	size_t n, cap;
};

struct catalog_labels {
	struct strings texts, name_keys, posting_keys; /* numbers less 1 lead into the two below */
	struct catalog_name *names;                    /* owned */
	struct catalog_posting *postings;              /* owned */
	size_t n_names, cap_names, n_postings, cap_postings;
};

struct catalog {
	pthread_rwlock_t lock;
	struct map at; /* number -> struct catalog_series *, owned */
	uint32_t next; /* number; while the store is open none is given out twice */
	size_t series_max, bytes;
	struct intern by_bytes; /* also those that went, until there are too many */
	struct catalog_labels labels;
	struct catalog_day *days; /* owned; in order */
	size_t n_days, cap_days;
	uint32_t n_saved, n_saving; /* numbers below it are on disk */
	uint64_t clock;
};

void catalog_init(struct catalog *catalog, size_t series_max);
void catalog_fini(struct catalog *catalog);
int catalog_load(struct catalog *catalog, struct rocks *rocks, struct err *err);

/* The series with these bytes (series_info.h), new if need be. ERR_LIMIT past series_max. */
int catalog_find(struct catalog *catalog, struct view bytes, uint32_t *ret_id, struct err *err);

/* The series has a profile on that day; false without memory. */
bool catalog_touch(struct catalog *catalog, uint32_t day, uint32_t id);

/* Good until catalog_drop lets it go; NULL: no such series. */
const struct catalog_series *catalog_at(struct catalog *catalog, uint32_t id);

void catalog_save(struct catalog *catalog, struct rocks *rocks, rocksdb_writebatch_t *batch);
void catalog_saved(struct catalog *catalog, bool is_written);

/* The series selected, of days in the window; *ret is owned by the caller, ids ascend. */
int catalog_select(struct catalog *catalog, const struct store_select *select, uint32_t **ret,
	size_t *ret_n, struct err *err);

/* The days there are; room for `max` of them. Returns how many there are. */
size_t catalog_days(struct catalog *catalog, uint32_t *ret, size_t max);

/* Those series of a day whose tenant goes; owned by the caller. */
roaring_bitmap_t *catalog_of_tenants(struct catalog *catalog, uint32_t day,
	bool (*goes)(void *owner, struct view tenant), void *owner);

/* Adds the tenants of those series. */
void catalog_tenants(
	struct catalog *catalog, const roaring_bitmap_t *series, struct strings *tenants);

/* Forgets a day, or those series of it (NULL = all), and then every series that is in no day, with
 * the labels that only they had: first on disk, with the batch, then in memory. Nobody may hold a
 * series, and nothing may be new in between. */
void catalog_drop_put(struct catalog *catalog, struct rocks *rocks, uint32_t day,
	const roaring_bitmap_t *only, rocksdb_writebatch_t *batch);
void catalog_drop(struct catalog *catalog, uint32_t day, const roaring_bitmap_t *only);

/* Of memory, about; and how many series and different values of labels there are. */
size_t catalog_bytes(struct catalog *catalog, size_t *ret_series, size_t *ret_values);

/* ---- for the catalog's own files: with its lock ---- */

static inline struct catalog_series *catalog_get(const struct catalog *catalog, uint32_t id)
{
	uint64_t *found = map_find(&catalog->at, id);

	return found ? (struct catalog_series *)(uintptr_t)*found : NULL;
}

void catalog_free_series(struct catalog *catalog, struct catalog_series *series);

#endif
