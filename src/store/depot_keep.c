/* depot_keep: which days are kept, and of whom; what is past that goes at once. */
#include <stdlib.h>
#include <time.h>

#include "store/depot.h"

/* ---- how long ---- */

static uint32_t days_of(const struct depot *depot, struct view tenant)
{
	const struct store_rocksdb_options *options = &depot->options;

	for (size_t i = 0; i < options->n_tenants; i++)
		if (view_equal(options->tenants[i].tenant, tenant))
			return options->tenants[i].days_max;
	return options->days_max;
}

/* 0 = for ever. */
static uint32_t longest(const struct depot *depot)
{
	const struct store_rocksdb_options *options = &depot->options;
	uint32_t days = options->days_max;

	for (size_t i = 0; i < options->n_tenants; i++)
		if (days == 0 || options->tenants[i].days_max == 0)
			days = 0;
		else if (options->tenants[i].days_max > days)
			days = options->tenants[i].days_max;
	return days;
}

static bool is_past(uint32_t day, uint32_t days_max, uint32_t today)
{
	return days_max && today > days_max && day < today - days_max;
}

bool depot_keeps(const struct depot *depot, struct view tenant, uint32_t day)
{
	return !is_past(day, days_of(depot, tenant), atomic_load(&depot->today));
}

/* ---- what is in memory of it ---- */

struct gone {
	uint32_t day;
	const roaring_bitmap_t *only; /* series; NULL = all */
};

static bool is_gone(const struct gone *gone, uint32_t series, uint32_t day)
{
	return day == gone->day && (!gone->only || roaring_bitmap_contains(gone->only, series));
}

static void forget_heads(struct depot *depot, const struct gone *gone)
{
	struct map_slot *slot;
	bool found = true;

	while (found) {
		found = false;
		for (size_t cursor = 0; !found && (slot = map_next(&depot->heads.of, &cursor));) {
			uint32_t series = (uint32_t)(slot->key >> 32), bucket = (uint32_t)slot->key;

			if (!is_gone(gone, series, rocks_day_of_bucket(bucket)))
				continue;
			found = true;
			heads_folded(&depot->heads, series, bucket, SIZE_MAX);
		}
	}
}

static void forget_hours(struct depot *depot, const struct gone *gone)
{
	struct map_slot *slot;
	bool found = true;

	while (found) {
		found = false;
		for (size_t cursor = 0; !found && (slot = map_next(&depot->unrolled, &cursor));)
			if (is_gone(gone, (uint32_t)(slot->key >> 32),
				    rocks_day_of_hour((uint32_t)slot->key)))
				found = map_remove(&depot->unrolled, slot->key);
	}
}

static void forget_damaged(struct depot *depot, const struct gone *gone)
{
	struct map_slot *slot;
	bool found = true;

	while (found) {
		found = false;
		for (size_t cursor = 0; !found && (slot = map_next(&depot->damaged, &cursor));) {
			uint32_t at = (uint32_t)(slot->key & (DEPOT_HOUR - 1));
			uint32_t day = slot->key & DEPOT_HOUR ? rocks_day_of_hour(at)
							      : rocks_day_of_bucket(at);

			if (is_gone(gone, (uint32_t)(slot->key >> 32), day))
				found = map_remove(&depot->damaged, slot->key);
		}
	}
}

/* ---- what is on disk of it ---- */

static void delete_day(struct depot *depot, uint32_t day, rocksdb_writebatch_t *batch)
{
	struct rocks *rocks = &depot->rocks;
	uint32_t from = htobe32(day), to = htobe32(day + 1);
	struct view from_key = { (char *)&from, 4 }, to_key = { (char *)&to, 4 };
	struct rocks_key first = rocks_key_index('U', day), end = rocks_key_index('U', day + 1);

	rocks_delete_range(rocks, batch, ROCKS_SAMPLES, from_key, to_key);
	rocks_delete_range(rocks, batch, ROCKS_ROWS, from_key, to_key);
	rocks_delete_range(rocks, batch, ROCKS_INDEX, rocks_key_view(&first), rocks_key_view(&end));
}

static void delete_series(
	struct depot *depot, uint32_t day, uint32_t series, rocksdb_writebatch_t *batch)
{
	static const char kinds[] = { 'A', 'B', 'H' };
	struct rocks *rocks = &depot->rocks;
	struct rocks_key from = { .len = 0 }, to;

	for (size_t i = 0; i < sizeof(kinds); i++) {
		from = rocks_key_blocks(day, kinds[i], series);
		to = rocks_key_blocks(day, kinds[i], series + 1);
		rocks_delete_range(
			rocks, batch, ROCKS_SAMPLES, rocks_key_view(&from), rocks_key_view(&to));
	}
	from = to = (struct rocks_key){ .len = 0 };
	rocks_key_u32(&from, day);
	rocks_key_u32(&from, series);
	rocks_key_u32(&to, day);
	rocks_key_u32(&to, series + 1);
	rocks_delete_range(rocks, batch, ROCKS_ROWS, rocks_key_view(&from), rocks_key_view(&to));
	from = rocks_key_index('U', day);
	to = from;
	rocks_key_u32(&from, series);
	rocks_key_u32(&to, series + 1);
	rocks_delete_range(rocks, batch, ROCKS_INDEX, rocks_key_view(&from), rocks_key_view(&to));
}

/* A week's dictionaries go with the last of its days that the tenant has. */
static bool has_week(struct depot *depot, uint32_t week, const struct view *tenant)
{
	struct store_select select = { .from_ns = week * STORE_WEEK_DAYS * STORE_DAY_NS,
		.to_ns = (week + 1) * STORE_WEEK_DAYS * STORE_DAY_NS };
	size_t n = catalog_days(&depot->catalog, NULL, 0);
	uint32_t *found = NULL;
	bool has = true;

	if (tenant) {
		select.tenant = *tenant;
		if (catalog_select(&depot->catalog, &select, &found, &n, NULL) == 0)
			has = n > 0;
	} else if ((found = calloc(n + 1, sizeof(*found)))) {
		n = catalog_days(&depot->catalog, found, n);
		has = false;
		for (size_t i = 0; i < n; i++)
			has |= found[i] / STORE_WEEK_DAYS == week;
	}
	free(found);
	return has;
}

static void drop_dictionaries(
	struct depot *depot, const struct gone *gone, rocksdb_writebatch_t *batch)
{
	const struct store_rocksdb_options *options = &depot->options;
	uint32_t week = gone->day / STORE_WEEK_DAYS;

	if (!has_week(depot, week, NULL)) {
		lexica_drop(&depot->lexica, &depot->rocks, week, NULL, batch);
		return;
	}
	for (size_t i = 0; i < options->n_tenants; i++)
		if (!has_week(depot, week, &options->tenants[i].tenant))
			lexica_drop(&depot->lexica, &depot->rocks, week,
				&options->tenants[i].tenant, batch);
}

/* At once; then its files are given back. Nobody else is in the store. */
static int drop(struct depot *depot, const struct gone *gone, struct err *err)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct rocks *rocks = &depot->rocks;
	uint32_t from = htobe32(gone->day), to = htobe32(gone->day + 1);
	roaring_uint32_iterator_t at;
	int rc;

	catalog_drop(&depot->catalog, rocks, gone->day, gone->only, batch);
	if (!gone->only)
		delete_day(depot, gone->day, batch);
	else
		for (roaring_init_iterator(gone->only, &at); at.has_value;
			roaring_advance_uint32_iterator(&at))
			delete_series(depot, gone->day, at.current_value, batch);
	drop_dictionaries(depot, gone, batch);
	pthread_mutex_lock(&depot->gate);
	forget_heads(depot, gone);
	forget_hours(depot, gone);
	forget_damaged(depot, gone);
	pthread_mutex_unlock(&depot->gate);
	rc = rocks_write(rocks, batch, true, err);
	if (rc == 0 && !gone->only)
		rc = rocks_drop_files(rocks, ROCKS_SAMPLES, (struct view){ (char *)&from, 4 },
			(struct view){ (char *)&to, 4 }, err);
	return rc;
}

/* Files that the day shared with others are written anew, so that its bytes count no more. */
static void give_back(struct depot *depot, uint32_t day)
{
	uint32_t from = htobe32(day), to = htobe32(day + 1);
	struct view first = { (char *)&from, 4 }, end = { (char *)&to, 4 };

	pthread_rwlock_rdlock(&depot->open);
	if (depot->rocks.db) {
		rocks_compact(&depot->rocks, ROCKS_SAMPLES, first, end);
		rocks_compact(&depot->rocks, ROCKS_ROWS, first, end);
	}
	pthread_rwlock_unlock(&depot->open);
}

static int drop_alone(struct depot *depot, const struct gone *gone, struct err *err)
{
	bool is_idle;
	int rc;

	do { /* what was queued before may be of that day */
		pthread_rwlock_wrlock(&depot->open);
		pthread_mutex_lock(&depot->gate);
		is_idle = !depot->first && !depot->is_writing;
		pthread_mutex_unlock(&depot->gate);
		if (!is_idle) {
			pthread_rwlock_unlock(&depot->open);
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		}
	} while (!is_idle);
	rc = depot->rocks.db ? drop(depot, gone, err)
			     : err_set(err, ERR_IO, "%s", depot->broken.text);
	pthread_rwlock_unlock(&depot->open);
	if (rc == 0)
		give_back(depot, gone->day);
	return rc;
}

int depot_drop(struct depot *depot, uint32_t day, struct err *err)
{
	struct gone gone = { .day = day };

	pthread_mutex_lock(&depot->gate);
	if (depot->day_min <= day)
		depot->day_min = day + 1;
	pthread_mutex_unlock(&depot->gate);
	return drop_alone(depot, &gone, err);
}

/* ---- by age and by bytes ---- */

struct asked {
	const struct depot *depot;
	uint32_t day;
};

static bool goes(void *owner, struct view tenant)
{
	const struct asked *asked = owner;

	return !depot_keeps(asked->depot, tenant, asked->day);
}

static int drop_of_tenants(struct depot *depot, uint32_t day, struct err *err)
{
	struct asked asked = { depot, day };
	roaring_bitmap_t *only = catalog_of_tenants(&depot->catalog, day, goes, &asked);
	struct gone gone = { day, only };
	int rc = roaring_bitmap_is_empty(only) ? 0 : drop_alone(depot, &gone, err);

	roaring_bitmap_free(only);
	return rc;
}

static uint64_t bytes_of(struct depot *depot)
{
	uint64_t bytes;

	pthread_rwlock_rdlock(&depot->open);
	bytes = depot->rocks.db ? rocks_bytes(&depot->rocks) : 0;
	pthread_rwlock_unlock(&depot->open);
	return bytes;
}

static int keep_days(struct depot *depot, const uint32_t *days, size_t n, struct err *err)
{
	uint32_t today = atomic_load(&depot->today);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = is_past(days[i], longest(depot), today) ? depot_drop(depot, days[i], err)
							     : drop_of_tenants(depot, days[i], err);
	return rc;
}

int depot_keep(struct depot *depot, int64_t now_ns, struct err *err)
{
	uint64_t bytes_max = depot->options.bytes_max;
	size_t n = catalog_days(&depot->catalog, NULL, 0);
	uint32_t *days = calloc(n + 1, sizeof(*days));
	int rc = 0;

	if (!days)
		return err_set(err, ERR_NOMEM, "out of memory");
	n = catalog_days(&depot->catalog, days, n);
	if (atomic_exchange(&depot->today, store_day(now_ns)) != store_day(now_ns))
		rc = keep_days(depot, days, n, err);
	n = catalog_days(&depot->catalog, days, n);
	for (size_t i = 0; rc == 0 && bytes_max && i + 1 < n && bytes_of(depot) > bytes_max; i++)
		rc = depot_drop(depot, days[i], err); /* the newest stays */
	free(days);
	return rc;
}
