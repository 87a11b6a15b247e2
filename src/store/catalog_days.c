/* catalog_days: which series have profiles on a day. */
#include "store/catalog_days.h"

#include <string.h>

#include "base/vec.h"
#include "store/rocks_keys.h"

void catalog_days_fini(struct catalog_day *day)
{
	roaring_bitmap_free(day->series);
	roaring_bitmap_free(day->described);
}

static size_t place_of(const struct catalog *catalog, uint32_t day)
{
	size_t at = catalog->n_days;

	while (at > 0 && catalog->days[at - 1].day >= day)
		at--;
	return at;
}

struct catalog_day *catalog_days_find(const struct catalog *catalog, uint32_t day)
{
	size_t at = place_of(catalog, day);

	return at < catalog->n_days && catalog->days[at].day == day ? &catalog->days[at] : NULL;
}

/* Takes the bitmap. */
static struct catalog_day *add(struct catalog *catalog, uint32_t day, roaring_bitmap_t *series)
{
	size_t at = place_of(catalog, day);

	if (!series || !VEC_FITS(catalog->days, catalog->cap_days, catalog->n_days + 1)) {
		if (series)
			roaring_bitmap_free(series);
		return NULL;
	}
	memmove(&catalog->days[at + 1], &catalog->days[at],
		(catalog->n_days++ - at) * sizeof(*catalog->days));
	catalog->days[at] = (struct catalog_day){
		.day = day, .series = series, .described = roaring_bitmap_create()
	};
	return &catalog->days[at];
}

bool catalog_touch(struct catalog *catalog, uint32_t day, uint32_t id)
{
	struct catalog_day *found;
	bool is_known;

	pthread_rwlock_rdlock(&catalog->lock);
	found = catalog_days_find(catalog, day);
	is_known = found && roaring_bitmap_contains(found->series, id);
	pthread_rwlock_unlock(&catalog->lock);
	if (is_known)
		return true;
	pthread_rwlock_wrlock(&catalog->lock);
	found = catalog_days_find(catalog, day);
	if (!found)
		found = add(catalog, day, roaring_bitmap_create());
	if (found && roaring_bitmap_add_checked(found->series, id))
		found->changed = ++catalog->clock;
	pthread_rwlock_unlock(&catalog->lock);
	return found;
}

size_t catalog_days(struct catalog *catalog, uint32_t *ret, size_t max)
{
	size_t n;

	pthread_rwlock_rdlock(&catalog->lock);
	n = catalog->n_days;
	for (size_t i = 0; i < n && i < max; i++)
		ret[i] = catalog->days[i].day;
	pthread_rwlock_unlock(&catalog->lock);
	return n;
}

/* ---- disk ---- */

int catalog_days_load(struct catalog *catalog, struct rocks *rocks, struct err *err)
{
	struct rocks_range range = { .family = ROCKS_INDEX, .prefix = VIEW("D") };
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, rocks, &range);
	while (rc == 0 && rocks_walk_next(&walk)) {
		roaring_bitmap_t *series =
			roaring_bitmap_portable_deserialize_safe(walk.value.at, walk.value.len);
		struct catalog_day *day;

		if (!series || walk.key.len != 5)
			rc = err_set(err, ERR_CORRUPT, "the list of a day's series is damaged");
		else if (!(day = add(catalog, rocks_key_get_u32(walk.key, 1), series)))
			rc = err_set(err, ERR_NOMEM, "out of memory");
		else
			roaring_bitmap_or_inplace(day->described, day->series);
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

/* In the day's own files, so that a damaged index takes no samples with it. */
static void describe(struct catalog *catalog, struct rocks *rocks, rocksdb_writebatch_t *batch,
	struct catalog_day *day)
{
	roaring_bitmap_t *new = roaring_bitmap_andnot(day->series, day->described);
	roaring_uint32_iterator_t at;

	for (roaring_init_iterator(new, &at); at.has_value; roaring_advance_uint32_iterator(&at)) {
		struct rocks_key key = rocks_key_about(day->day, at.current_value);
		const struct catalog_series *series = catalog_get(catalog, at.current_value);

		if (series)
			rocks_put(rocks, batch, ROCKS_SAMPLES, rocks_key_view(&key),
				(struct view){ series->bytes, series->len });
	}
	roaring_bitmap_or_inplace(day->described, new);
	roaring_bitmap_free(new);
}

/* False without memory. */
static bool put(struct rocks *rocks, rocksdb_writebatch_t *batch, uint32_t day,
	const roaring_bitmap_t *series)
{
	struct rocks_key key = rocks_key_index('D', day);
	size_t len = roaring_bitmap_portable_size_in_bytes(series);
	BUF_AUTO bytes = { 0 };
	char *room = buf_reserve(&bytes, len);

	if (!room)
		return false;
	bytes.len = roaring_bitmap_portable_serialize(series, room);
	rocks_put(rocks, batch, ROCKS_INDEX, rocks_key_view(&key), buf_view(&bytes));
	return true;
}

void catalog_days_save(struct catalog *catalog, struct rocks *rocks, struct catalog_day *day,
	rocksdb_writebatch_t *batch)
{
	if (put(rocks, batch, day->day, day->series))
		day->saving = day->changed; /* or it stays changed */
	describe(catalog, rocks, batch, day);
}

void catalog_days_saved(struct catalog_day *day, bool is_written)
{
	if (day->saving == day->saved)
		return;
	if (is_written)
		day->saved = day->saving;
	else /* whatever was to be written is written again */
		roaring_bitmap_clear(day->described);
	day->saving = day->saved;
}

void catalog_days_put_without(struct rocks *rocks, rocksdb_writebatch_t *batch,
	const struct catalog_day *day, const roaring_bitmap_t *gone)
{
	struct rocks_key key = rocks_key_index('D', day->day);
	roaring_bitmap_t *left =
		gone ? roaring_bitmap_andnot(day->series, gone) : roaring_bitmap_create();

	if (roaring_bitmap_is_empty(left))
		rocks_delete(rocks, batch, ROCKS_INDEX, rocks_key_view(&key));
	else
		put(rocks, batch, day->day, left);
	roaring_bitmap_free(left);
}

void catalog_days_drop(
	struct catalog *catalog, struct catalog_day *day, const roaring_bitmap_t *gone)
{
	if (gone) {
		roaring_bitmap_andnot_inplace(day->series, gone);
		roaring_bitmap_andnot_inplace(day->described, gone);
	}
	if (gone && !roaring_bitmap_is_empty(day->series))
		return;
	catalog_days_fini(day);
	memmove(day, day + 1, (size_t)(&catalog->days[--catalog->n_days] - day) * sizeof(*day));
}
