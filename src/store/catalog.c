/* catalog: the series there are, and which days they have profiles in. */
#include "store/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/catalog_days.h"
#include "store/catalog_labels.h"
#include "store/rocks_keys.h"

#define ID_MAX (UINT32_MAX / 2)

void catalog_init(struct catalog *catalog, size_t series_max)
{
	*catalog = (struct catalog){ .series_max = series_max };
	pthread_rwlock_init(&catalog->lock, NULL);
}

static size_t bytes_of(const struct catalog_series *series)
{
	const struct store_series *of = &series->info.series;

	return sizeof(*series) + series->len + of->labels.n * sizeof(*of->labels.at) +
	       of->n_types * sizeof(*of->types);
}

void catalog_free_series(struct catalog *catalog, struct catalog_series *series)
{
	catalog->bytes -= bytes_of(series);
	series_info_fini(&series->info);
	free(series->bytes);
	free(series);
}

void catalog_fini(struct catalog *catalog)
{
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&catalog->at, &cursor));)
		catalog_free_series(catalog, (struct catalog_series *)(uintptr_t)slot->value);
	map_fini(&catalog->at);
	intern_fini(&catalog->by_bytes);
	for (size_t i = 0; i < catalog->n_days; i++)
		catalog_days_fini(&catalog->days[i]);
	free(catalog->days);
	catalog_labels_fini(&catalog->labels);
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
	const struct catalog_series *series = catalog_get(catalog, id);

	return series && view_equal((struct view){ series->bytes, series->len },
				 *(const struct view *)wanted);
}

static struct catalog_series *new_series(
	struct catalog *catalog, uint32_t id, struct view bytes, struct err *err)
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
		series_info_fini(&series->info);
		free(series->bytes);
		free(series);
		return NULL;
	}
	series->info.series.id = id;
	catalog->bytes += bytes_of(series);
	return series;
}

/* At number `id`, which is free. If that fails the number is used up: a label may have it already.
 */
static int add(struct catalog *catalog, uint32_t id, struct view bytes, struct err *err)
{
	struct catalog_series *series = new_series(catalog, id, bytes, err);
	uint64_t *slot = NULL;

	if (!series)
		return err ? err->code : ERR_NOMEM;
	catalog->next = id + 1;
	if (intern_add(&catalog->by_bytes, hash_keyed_view(bytes), id) &&
		catalog_labels_add(&catalog->labels, &series->info, id))
		slot = map_add(&catalog->at, id, NULL);
	if (!slot) {
		catalog_free_series(catalog, series);
		return no_memory(err);
	}
	*slot = (uintptr_t)series;
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
	if (*ret_id == INTERN_NONE && catalog->at.count >= catalog->series_max) {
		rc = err_set(&why, ERR_LIMIT,
			"the store has %zu series, which is the limit: send fewer different labels",
			catalog->at.count);
	} else if (*ret_id == INTERN_NONE && catalog->next > ID_MAX) {
		rc = err_set(&why, ERR_LIMIT,
			"the store has had %u series, which is the limit: begin a new one",
			catalog->next);
	} else if (*ret_id == INTERN_NONE) {
		*ret_id = catalog->next;
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
	series = catalog_get(catalog, id);
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

		if (walk.key.len != 5 || id > ID_MAX)
			rc = err_set(err, ERR_CORRUPT, "the key of a series is damaged");
		else
			rc = add(catalog, id, walk.value, err);
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	catalog->n_saved = catalog->next;
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
	for (uint32_t id = catalog->n_saved; id < catalog->next; id++) {
		struct rocks_key key = rocks_key_index('S', id);
		const struct catalog_series *series = catalog_get(catalog, id);

		if (series)
			rocks_put(rocks, batch, ROCKS_INDEX, rocks_key_view(&key),
				(struct view){ series->bytes, series->len });
	}
	catalog->n_saving = catalog->next;
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

/* ---- asking ---- */

size_t catalog_bytes(struct catalog *catalog, size_t *ret_series, size_t *ret_values)
{
	size_t bytes;

	pthread_rwlock_rdlock(&catalog->lock);
	bytes = catalog->bytes + catalog->at.cap * (sizeof(struct map_slot) + 1) +
		catalog->by_bytes.cap * sizeof(struct intern_slot) +
		catalog_labels_bytes(&catalog->labels);
	*ret_series = catalog->at.count;
	*ret_values = catalog->labels.n_postings;
	pthread_rwlock_unlock(&catalog->lock);
	return bytes;
}

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
			const struct catalog_series *series =
				catalog_get(catalog, at.current_value);

			if (series && goes(owner, series->info.tenant))
				roaring_bitmap_add(found, at.current_value);
		}
	pthread_rwlock_unlock(&catalog->lock);
	return found;
}

void catalog_tenants(
	struct catalog *catalog, const roaring_bitmap_t *series, struct strings *tenants)
{
	roaring_uint32_iterator_t at;

	pthread_rwlock_rdlock(&catalog->lock);
	for (roaring_init_iterator(series, &at); at.has_value;
		roaring_advance_uint32_iterator(&at)) {
		const struct catalog_series *of = catalog_get(catalog, at.current_value);

		if (of)
			strings_add(tenants, of->info.tenant);
	}
	pthread_rwlock_unlock(&catalog->lock);
}
