/* catalog_drop: a day goes, and with it what no other day has. */
#include "base/hash.h"
#include "store/catalog.h"
#include "store/catalog_days.h"
#include "store/catalog_labels.h"
#include "store/rocks_keys.h"

#define WASTE_SHARE 8 /* of the tables, that may be of series that went */

/* ---- on disk ---- */

/* All of those that are in no day; as if `except` were none, or had not those series. Also of those
 * whose profiles were refused in the end, so that they never had a day. */
static roaring_bitmap_t *in_no_day(const struct catalog *catalog, const struct catalog_day *except,
	const roaring_bitmap_t *only)
{
	roaring_bitmap_t *found = roaring_bitmap_create();
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&catalog->at, &cursor));)
		roaring_bitmap_add(found, (uint32_t)slot->key);
	for (size_t i = 0; i < catalog->n_days; i++) {
		const struct catalog_day *day = &catalog->days[i];
		roaring_bitmap_t *left;

		if (day != except) {
			roaring_bitmap_andnot_inplace(found, day->series);
		} else if (only) {
			left = roaring_bitmap_andnot(day->series, only);
			roaring_bitmap_andnot_inplace(found, left);
			roaring_bitmap_free(left);
		}
	}
	return found;
}

void catalog_drop_put(struct catalog *catalog, struct rocks *rocks, uint32_t day,
	const roaring_bitmap_t *only, rocksdb_writebatch_t *batch)
{
	const struct catalog_day *found;
	roaring_uint32_iterator_t at;
	roaring_bitmap_t *gone;

	pthread_rwlock_rdlock(&catalog->lock);
	found = catalog_days_find(catalog, day);
	gone = in_no_day(catalog, found, only);
	if (found)
		catalog_days_put_without(rocks, batch, found, only);
	for (roaring_init_iterator(gone, &at); at.has_value; roaring_advance_uint32_iterator(&at)) {
		struct rocks_key key = rocks_key_index('S', at.current_value);

		rocks_delete(rocks, batch, ROCKS_INDEX, rocks_key_view(&key));
	}
	roaring_bitmap_free(gone);
	pthread_rwlock_unlock(&catalog->lock);
}

/* ---- room ---- */

static bool copy_tables(const struct catalog *catalog, struct map *at, struct intern *by_bytes)
{
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&catalog->at, &cursor));) {
		const struct catalog_series *series = (void *)(uintptr_t)slot->value;
		struct view bytes = { series->bytes, series->len };
		uint64_t *added = map_add(at, slot->key, NULL);

		if (!added || !intern_add(by_bytes, hash_keyed_view(bytes), (uint32_t)slot->key))
			return false;
		*added = slot->value;
	}
	return true;
}

/* Tables are made anew of what is left once much of them is of series that went: the work is small
 * beside that of having had these. Without memory they stay as large as they are. */
static void shrink(struct catalog *catalog)
{
	struct intern by_bytes = { 0 };
	struct map at = { 0 };

	if ((catalog->by_bytes.count - catalog->at.count) * WASTE_SHARE <= catalog->by_bytes.count)
		return;
	if (!catalog_labels_shrink(&catalog->labels) || !copy_tables(catalog, &at, &by_bytes)) {
		map_fini(&at);
		intern_fini(&by_bytes);
		return;
	}
	map_fini(&catalog->at);
	intern_fini(&catalog->by_bytes);
	catalog->at = at;
	catalog->by_bytes = by_bytes;
}

/* ---- in memory ---- */

static void drop_series(struct catalog *catalog, const roaring_bitmap_t *gone)
{
	roaring_uint32_iterator_t at;

	catalog_labels_remove(&catalog->labels, gone);
	for (roaring_init_iterator(gone, &at); at.has_value; roaring_advance_uint32_iterator(&at)) {
		catalog_free_series(catalog, catalog_get(catalog, at.current_value));
		map_remove(&catalog->at, at.current_value);
	}
}

void catalog_drop(struct catalog *catalog, uint32_t day, const roaring_bitmap_t *only)
{
	struct catalog_day *found;
	roaring_bitmap_t *gone;

	pthread_rwlock_wrlock(&catalog->lock);
	found = catalog_days_find(catalog, day);
	if (found)
		catalog_days_drop(catalog, found, only);
	gone = in_no_day(catalog, NULL, NULL);
	drop_series(catalog, gone);
	roaring_bitmap_free(gone);
	shrink(catalog);
	pthread_rwlock_unlock(&catalog->lock);
}
