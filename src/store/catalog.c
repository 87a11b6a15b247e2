/* catalog: the series there are, and which days they have profiles in. */
#include "store/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"
#include "store/catalog_days.h"
#include "store/catalog_labels.h"
#include "store/rocks_keys.h"

void catalog_init(struct catalog *catalog, size_t series_max)
{
	*catalog = (struct catalog){ .series_max = series_max };
	pthread_rwlock_init(&catalog->lock, NULL);
}

static void free_series(struct catalog_series *series)
{
	if (!series)
		return;
	series_info_fini(&series->info);
	free(series->bytes);
	free(series);
}

void catalog_fini(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->n; i++)
		free_series(catalog->at[i]);
	free(catalog->at);
	intern_fini(&catalog->by_bytes);
	for (size_t i = 0; i < catalog->n_days; i++)
		catalog_days_fini(&catalog->days[i]);
	free(catalog->days);
	catalog_labels_fini(catalog);
	pthread_rwlock_destroy(&catalog->lock);
	*catalog = (struct catalog){ 0 };
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- series ---- */

static bool is_equal(const void *owner, uint32_t id, const void *wanted)
{
	const struct catalog *catalog = owner;
	const struct catalog_series *series = catalog->at[id];

	return series && view_equal((struct view){ series->bytes, series->len },
				 *(const struct view *)wanted);
}

static struct catalog_series *new_series(struct view bytes, struct err *err)
{
	struct catalog_series *series = calloc(1, sizeof(*series));

	if (series)
		series->bytes = malloc(bytes.len + 1);
	if (!series || !series->bytes) {
		free(series);
		no_memory(err);
		return NULL;
	}
	memcpy(series->bytes, bytes.at, bytes.len);
	series->len = bytes.len;
	if (series_info_decode((struct view){ series->bytes, series->len }, &series->info, err) <
		0) {
		free_series(series);
		return NULL;
	}
	return series;
}

/* At number `id`, which is free. */
static int add(struct catalog *catalog, uint32_t id, struct view bytes, struct err *err)
{
	struct catalog_series *series = new_series(bytes, err);

	if (!series)
		return err ? err->code : ERR_NOMEM;
	if (!VEC_FITS(catalog->at, catalog->cap, (size_t)id + 1) ||
		!intern_add(&catalog->by_bytes, hash_keyed_view(bytes), id) ||
		!catalog_labels_add(catalog, &series->info, id)) {
		free_series(series);
		return no_memory(err);
	}
	while (catalog->n <= id)
		catalog->at[catalog->n++] = NULL;
	catalog->at[id] = series;
	series->info.series.id = id;
	catalog->n_alive++;
	return 0;
}

static uint32_t find(struct catalog *catalog, struct view bytes)
{
	return intern_find(&catalog->by_bytes, hash_keyed_view(bytes), is_equal, catalog, &bytes);
}

int catalog_find(struct catalog *catalog, struct view bytes, uint32_t *ret_id, struct err *err)
{
	struct err why = { 0 };
	int rc = 0;

	pthread_rwlock_rdlock(&catalog->lock);
	*ret_id = find(catalog, bytes);
	pthread_rwlock_unlock(&catalog->lock);
	if (*ret_id != INTERN_NONE)
		return 0;
	pthread_rwlock_wrlock(&catalog->lock);
	*ret_id = find(catalog, bytes);
	if (*ret_id == INTERN_NONE && catalog->n_alive >= catalog->series_max) {
		rc = err_set(&why, ERR_LIMIT,
			"the store has %zu series, which is the limit: send fewer different labels",
			catalog->n_alive);
	} else if (*ret_id == INTERN_NONE) {
		*ret_id = (uint32_t)catalog->n;
		rc = add(catalog, *ret_id, bytes, &why);
	}
	pthread_rwlock_unlock(&catalog->lock);
	if (rc < 0 && err)
		*err = why;
	return rc;
}

const struct catalog_series *catalog_at(struct catalog *catalog, uint32_t id)
{
	const struct catalog_series *series;

	pthread_rwlock_rdlock(&catalog->lock);
	series = id < catalog->n ? catalog->at[id] : NULL;
	pthread_rwlock_unlock(&catalog->lock);
	return series;
}

/* ---- disk ---- */

static int load_series(struct catalog *catalog, struct rocks *rocks, struct err *err)
{
	struct rocks_range range = { .family = ROCKS_INDEX, .prefix = VIEW("S") };
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, rocks, &range);
	while (rc == 0 && rocks_walk_next(&walk)) {
		uint32_t id = rocks_key_get_u32(walk.key, 1);

		if (walk.key.len != 5 || id > UINT32_MAX / 2)
			rc = err_set(err, ERR_CORRUPT, "the key of a series is damaged");
		else
			rc = add(catalog, id, walk.value, err);
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	catalog->n_saved = catalog->n;
	return rc;
}

int catalog_load(struct catalog *catalog, struct rocks *rocks, struct err *err)
{
	int rc = load_series(catalog, rocks, err);

	return rc == 0 ? catalog_days_load(catalog, rocks, err) : rc;
}

void catalog_save(struct catalog *catalog, struct rocks *rocks, rocksdb_writebatch_t *batch)
{
	pthread_rwlock_rdlock(&catalog->lock);
	for (size_t i = catalog->n_saved; i < catalog->n; i++) {
		struct rocks_key key = rocks_key_index('S', (uint32_t)i);

		if (catalog->at[i])
			rocks_put(rocks, batch, ROCKS_INDEX, rocks_key_view(&key),
				(struct view){ catalog->at[i]->bytes, catalog->at[i]->len });
	}
	catalog->n_saving = catalog->n;
	for (size_t i = 0; i < catalog->n_days; i++)
		if (catalog->days[i].changed != catalog->days[i].saved)
			catalog_days_save(catalog, rocks, &catalog->days[i], batch);
	pthread_rwlock_unlock(&catalog->lock);
}

void catalog_saved(struct catalog *catalog, bool is_written)
{
	pthread_rwlock_wrlock(&catalog->lock);
	if (is_written)
		catalog->n_saved = catalog->n_saving;
	for (size_t i = 0; i < catalog->n_days; i++)
		catalog_days_saved(&catalog->days[i], is_written);
	pthread_rwlock_unlock(&catalog->lock);
}

/* ---- letting go ---- */

roaring_bitmap_t *catalog_of_tenants(struct catalog *catalog, uint32_t day,
	bool (*goes)(void *owner, struct view tenant), void *owner)
{
	roaring_bitmap_t *found = roaring_bitmap_create();
	struct catalog_day *of;
	roaring_uint32_iterator_t at;

	pthread_rwlock_rdlock(&catalog->lock);
	of = catalog_days_find(catalog, day);
	if (of)
		for (roaring_init_iterator(of->series, &at); at.has_value;
			roaring_advance_uint32_iterator(&at)) {
			uint32_t id = at.current_value;

			if (id < catalog->n && catalog->at[id] &&
				goes(owner, catalog->at[id]->info.tenant))
				roaring_bitmap_add(found, id);
		}
	pthread_rwlock_unlock(&catalog->lock);
	return found;
}

/* Those of them that are in no other day than this. */
static roaring_bitmap_t *only_in(
	const struct catalog *catalog, const struct catalog_day *day, const roaring_bitmap_t *of)
{
	roaring_bitmap_t *gone = roaring_bitmap_copy(of);

	for (size_t i = 0; i < catalog->n_days; i++)
		if (&catalog->days[i] != day)
			roaring_bitmap_andnot_inplace(gone, catalog->days[i].series);
	return gone;
}

static void drop_series(struct catalog *catalog, struct rocks *rocks, const roaring_bitmap_t *gone,
	rocksdb_writebatch_t *batch)
{
	roaring_uint32_iterator_t at;

	catalog_labels_remove(catalog, gone);
	for (roaring_init_iterator(gone, &at); at.has_value; roaring_advance_uint32_iterator(&at)) {
		struct rocks_key key = rocks_key_index('S', at.current_value);

		rocks_delete(rocks, batch, ROCKS_INDEX, rocks_key_view(&key));
		if (at.current_value >= catalog->n || !catalog->at[at.current_value])
			continue;
		free_series(catalog->at[at.current_value]);
		catalog->at[at.current_value] = NULL;
		catalog->n_alive--;
	}
}

void catalog_drop(struct catalog *catalog, struct rocks *rocks, uint32_t day,
	const roaring_bitmap_t *only, rocksdb_writebatch_t *batch)
{
	struct catalog_day *found;
	roaring_bitmap_t *gone;

	pthread_rwlock_wrlock(&catalog->lock);
	found = catalog_days_find(catalog, day);
	if (found) {
		gone = only_in(catalog, found, only ? only : found->series);
		drop_series(catalog, rocks, gone, batch);
		roaring_bitmap_free(gone);
		if (only)
			roaring_bitmap_andnot_inplace(found->series, only);
		if (!only || roaring_bitmap_is_empty(found->series)) {
			catalog_days_drop(catalog, rocks, found, batch);
		} else {
			roaring_bitmap_andnot_inplace(found->described, only);
			catalog_days_save(catalog, rocks, found, batch);
			found->changed = found->saving = found->saved = ++catalog->clock;
		}
	}
	pthread_rwlock_unlock(&catalog->lock);
}

size_t catalog_bytes(struct catalog *catalog)
{
	size_t bytes;

	pthread_rwlock_rdlock(&catalog->lock);
	bytes = catalog->n_alive * 1024 + catalog->texts.bytes.used +
		catalog->name_keys.bytes.used + catalog->posting_keys.bytes.used +
		catalog->n_postings * 128;
	pthread_rwlock_unlock(&catalog->lock);
	return bytes;
}
