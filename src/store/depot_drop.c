/* depot_drop: a day goes, or what some tenants have in it: at once, on disk before in memory. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "store/depot.h"

struct gone {
	uint32_t day;
	const roaring_bitmap_t *only; /* series: all that their tenants have in it; NULL = all */
};

/* ---- what is in memory of it ---- */

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

/* ---- dictionaries ---- */

static bool has_days(struct depot *depot, uint32_t from_day, uint32_t to_day)
{
	size_t n = catalog_days(&depot->catalog, NULL, 0);
	uint32_t *found = calloc(n + 1, sizeof(*found));
	bool has = !found;

	n = found ? catalog_days(&depot->catalog, found, n) : 0;
	for (size_t i = 0; i < n; i++)
		has |= found[i] >= from_day && found[i] < to_day;
	free(found);
	return has;
}

/* Whether the tenant has series in those days, but those. */
static bool has_series(struct depot *depot, uint32_t from_day, uint32_t to_day, struct view tenant,
	const roaring_bitmap_t *but)
{
	struct store_select select = {
		.tenant = tenant, .from_ns = from_day * STORE_DAY_NS, .to_ns = to_day * STORE_DAY_NS
	};
	uint32_t *found = NULL;
	bool has = false;
	size_t n = 0;

	if (from_day >= to_day)
		return false;
	if (catalog_select(&depot->catalog, &select, &found, &n, NULL) < 0)
		return true;
	for (size_t i = 0; !has && i < n; i++)
		has = !but || !roaring_bitmap_contains(but, found[i]);
	free(found);
	return has;
}

static void drop_of_tenant(struct depot *depot, const struct gone *gone, struct view tenant,
	rocksdb_writebatch_t *batch)
{
	uint32_t week = gone->day / STORE_WEEK_DAYS, first = week * STORE_WEEK_DAYS;

	if (!has_series(depot, first, gone->day, tenant, NULL) &&
		!has_series(depot, gone->day, gone->day + 1, tenant, gone->only) &&
		!has_series(depot, gone->day + 1, first + STORE_WEEK_DAYS, tenant, NULL))
		lexica_drop(&depot->lexica, &depot->rocks, week, &tenant, batch);
}

/* A week's dictionaries go with the last of its days that the tenant has. */
static void drop_dictionaries(
	struct depot *depot, const struct gone *gone, rocksdb_writebatch_t *batch)
{
	uint32_t week = gone->day / STORE_WEEK_DAYS, first = week * STORE_WEEK_DAYS;
	struct strings tenants = { 0 };

	if (!gone->only) {
		if (!has_days(depot, first, gone->day) &&
			!has_days(depot, gone->day + 1, first + STORE_WEEK_DAYS))
			lexica_drop(&depot->lexica, &depot->rocks, week, NULL, batch);
		return;
	}
	catalog_tenants(&depot->catalog, gone->only, &tenants);
	drop_of_tenant(depot, gone, VIEW(""), batch); /* which is in no list */
	for (uint32_t i = 1; i < tenants.count; i++)
		drop_of_tenant(depot, gone, strings_at(&tenants, i), batch);
	strings_fini(&tenants);
}

/* ---- all of it ---- */

static void delete_gone(struct depot *depot, const struct gone *gone, rocksdb_writebatch_t *batch)
{
	roaring_uint32_iterator_t at;

	if (!gone->only) {
		delete_day(depot, gone->day, batch);
		return;
	}
	for (roaring_init_iterator(gone->only, &at); at.has_value;
		roaring_advance_uint32_iterator(&at))
		delete_series(depot, gone->day, at.current_value, batch);
}

/* Nobody else is in the store. What could not be written is as it was, in memory too. */
static int drop(struct depot *depot, const struct gone *gone, struct err *err)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct rocks *rocks = &depot->rocks;
	uint32_t from = htobe32(gone->day), to = htobe32(gone->day + 1);
	int rc;

	catalog_drop_put(&depot->catalog, rocks, gone->day, gone->only, batch);
	delete_gone(depot, gone, batch);
	drop_dictionaries(depot, gone, batch);
	rc = rocks_write(rocks, batch, true, err);
	if (rc < 0)
		return rc;
	catalog_drop(&depot->catalog, gone->day, gone->only);
	pthread_mutex_lock(&depot->gate);
	forget_heads(depot, gone);
	forget_hours(depot, gone);
	forget_damaged(depot, gone);
	pthread_mutex_unlock(&depot->gate);
	if (!gone->only)
		rc = rocks_drop_files(rocks, ROCKS_SAMPLES, (struct view){ (char *)&from, 4 },
			(struct view){ (char *)&to, 4 }, err);
	return rc;
}

/* Files that the day shared with others are written anew, so that its bytes count no more. */
static void give_back(struct depot *depot, uint32_t day)
{
	uint32_t from = htobe32(day), to = htobe32(day + 1);
	uint32_t week = htobe32(day / STORE_WEEK_DAYS), next = htobe32(day / STORE_WEEK_DAYS + 1);
	struct view first = { (char *)&from, 4 }, end = { (char *)&to, 4 };
	struct view of_week = { (char *)&week, 4 }, of_next = { (char *)&next, 4 };

	pthread_rwlock_rdlock(&depot->open);
	if (depot->rocks.db) {
		rocks_compact(&depot->rocks, ROCKS_SAMPLES, first, end);
		rocks_compact(&depot->rocks, ROCKS_ROWS, first, end);
		rocks_compact(&depot->rocks, ROCKS_DICTIONARY, of_week, of_next);
	}
	pthread_rwlock_unlock(&depot->open);
}

/* ---- alone ---- */

#define PATIENCE_FIRST_MS 100
#define PATIENCE_MAX_MS 60000
#define MS_NS 1000000

static void pause_appends(struct depot *depot, bool is_paused)
{
	pthread_mutex_lock(&depot->gate);
	depot->is_paused = is_paused;
	pthread_cond_broadcast(&depot->resumed);
	pthread_mutex_unlock(&depot->gate);
}

static bool is_idle(struct depot *depot)
{
	bool is_idle;

	pthread_mutex_lock(&depot->gate);
	is_idle = !depot->first && !depot->is_writing;
	pthread_mutex_unlock(&depot->gate);
	return is_idle;
}

/* What was queued may be of that day: it is written first. Whoever comes meanwhile waits, but not
 * for as long as the longest question takes: then it is tried again, with more patience. */
static bool lock_alone(struct depot *depot, uint64_t patience_ns)
{
	uint64_t until_ns = clock_monotonic_ns() + patience_ns;
	struct timespec until = { (time_t)(until_ns / 1000000000), (long)(until_ns % 1000000000) };
	bool is_alone = false;

	pause_appends(depot, true);
	while (!is_alone && clock_monotonic_ns() < until_ns) {
		if (!is_idle(depot))
			nanosleep(&(struct timespec){ .tv_nsec = MS_NS }, NULL);
		else if (pthread_rwlock_clockwrlock(&depot->open, CLOCK_MONOTONIC, &until) == 0 &&
			 !(is_alone = is_idle(depot)))
			pthread_rwlock_unlock(&depot->open); /* an append was on its way */
	}
	if (!is_alone)
		pause_appends(depot, false);
	return is_alone;
}

static int drop_alone(struct depot *depot, const struct gone *gone, struct err *err)
{
	int rc;

	if (depot->patience_ms < PATIENCE_FIRST_MS)
		depot->patience_ms = PATIENCE_FIRST_MS;
	if (!lock_alone(depot, depot->patience_ms * (uint64_t)MS_NS)) {
		if (depot->patience_ms < PATIENCE_MAX_MS)
			depot->patience_ms *= 2;
		return DEPOT_IN_USE;
	}
	depot->patience_ms /= 2;
	rc = depot->rocks.db ? drop(depot, gone, err)
			     : err_set(err, ERR_IO, "%s", depot->broken.text);
	pthread_rwlock_unlock(&depot->open);
	pause_appends(depot, false);
	if (rc == 0)
		give_back(depot, gone->day);
	return rc;
}

int depot_drop_of(struct depot *depot, uint32_t day, const roaring_bitmap_t *only, struct err *err)
{
	struct gone gone = { day, only };

	return drop_alone(depot, &gone, err);
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
