/* depot_tend: what has to be done about once a second: fold, let go, recover. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "store/depot.h"

/* ---- days ---- */

static void forget_day(struct depot *depot, uint32_t day)
{
	struct map_slot *slot;
	bool found = true;

	while (found) {
		found = false;
		for (size_t cursor = 0; !found && (slot = map_next(&depot->heads.of, &cursor));)
			if (rocks_day_of_bucket((uint32_t)slot->key) == day) {
				found = true;
				heads_folded(&depot->heads, (uint32_t)(slot->key >> 32),
					(uint32_t)slot->key, SIZE_MAX);
			}
	}
	for (found = true; found;) {
		found = false;
		for (size_t cursor = 0; !found && (slot = map_next(&depot->unrolled, &cursor));)
			if (rocks_day_of_hour((uint32_t)slot->key) == day)
				found = map_remove(&depot->unrolled, slot->key);
	}
}

static bool has_week(struct depot *depot, uint32_t week)
{
	size_t n = catalog_days(&depot->catalog, NULL, 0);
	uint32_t *days = calloc(n + 1, sizeof(*days));
	bool found = !days;

	if (days)
		n = catalog_days(&depot->catalog, days, n);
	for (size_t i = 0; days && i < n; i++)
		found |= days[i] / STORE_WEEK_DAYS == week;
	free(days);
	return found;
}

/* All that is of the day, at once; then its files are given back. Nobody else is in the store. */
static int drop_day(struct depot *depot, uint32_t day, struct err *err)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct rocks *rocks = &depot->rocks;
	uint32_t from = htobe32(day), to = htobe32(day + 1);
	struct view from_key = { (char *)&from, 4 }, to_key = { (char *)&to, 4 };
	struct rocks_key first = rocks_key_index('U', day), end = rocks_key_index('U', day + 1);
	int rc;

	catalog_drop(&depot->catalog, rocks, day, batch);
	rocks_delete_range(rocks, batch, ROCKS_SAMPLES, from_key, to_key);
	rocks_delete_range(rocks, batch, ROCKS_ROWS, from_key, to_key);
	rocks_delete_range(rocks, batch, ROCKS_INDEX, rocks_key_view(&first), rocks_key_view(&end));
	if (!has_week(depot, day / STORE_WEEK_DAYS))
		lexica_drop(&depot->lexica, rocks, day / STORE_WEEK_DAYS, batch);
	pthread_mutex_lock(&depot->gate);
	forget_day(depot, day);
	pthread_mutex_unlock(&depot->gate);
	rc = rocks_write(rocks, batch, true, err);
	if (rc == 0)
		rc = rocks_drop_files(rocks, ROCKS_SAMPLES, from_key, to_key, err);
	return rc;
}

int depot_drop(struct depot *depot, uint32_t day, struct err *err)
{
	bool is_idle;
	int rc;

	pthread_mutex_lock(&depot->gate);
	if (depot->day_min <= day)
		depot->day_min = day + 1;
	pthread_mutex_unlock(&depot->gate);
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
	rc = depot->rocks.db ? drop_day(depot, day, err)
			     : err_set(err, ERR_IO, "%s", depot->broken.text);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

/* The oldest day, if it has to go; the newest one stays. */
static bool find_surplus(struct depot *depot, int64_t now_ns, uint32_t *ret_day)
{
	const struct store_rocksdb_options *options = &depot->options;
	size_t n = catalog_days(&depot->catalog, ret_day, 1);

	if (n == 0)
		return false;
	if (options->days_max && store_day(now_ns) > options->days_max &&
		*ret_day < store_day(now_ns) - options->days_max)
		return true;
	return n > 1 && options->bytes_max && rocks_bytes(&depot->rocks) > options->bytes_max;
}

/* ---- a disk that failed ---- */

static bool is_broken(struct depot *depot)
{
	bool broken;

	pthread_mutex_lock(&depot->gate);
	broken = depot->broken.code != 0;
	pthread_mutex_unlock(&depot->gate);
	return broken;
}

/* What was not acknowledged may be on disk or not: all is read anew. */
static int recover(struct depot *depot, struct err *err)
{
	int rc = 0;

	if (depot->rocks.db && rocks_bytes_free(&depot->rocks) < depot->options.bytes_free)
		return 0;
	pthread_rwlock_wrlock(&depot->open);
	lexica_forget(&depot->lexica);
	rc = rocks_reopen(&depot->rocks, err);
	pthread_mutex_lock(&depot->gate);
	if (rc == 0)
		rc = depot_load(depot, err);
	if (rc == 0)
		depot->broken = (struct err){ 0 };
	else if (err)
		depot->broken = *err;
	pthread_mutex_unlock(&depot->gate);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

/* ---- all of it ---- */

static int fold(struct depot *depot, int64_t now_ns, uint32_t *ret_day, struct err *err)
{
	int rc = 0;

	pthread_rwlock_rdlock(&depot->open);
	*ret_day = 0;
	if (depot->rocks.db && rocks_bytes_free(&depot->rocks) >= depot->options.bytes_free)
		rc = depot_fold(depot, now_ns, err);
	if (depot->rocks.db && !find_surplus(depot, now_ns, ret_day))
		*ret_day = 0;
	lexica_trim(&depot->lexica, depot->options.memory_max / 4);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

int depot_tend(struct depot *depot, int64_t now_ns, struct err *err)
{
	struct err why = { 0 };
	uint32_t day = 0;
	int rc;

	if (is_broken(depot)) {
		rc = recover(depot, &why);
	} else {
		rc = fold(depot, now_ns, &day, &why);
		if (day)
			rc = depot_drop(depot, day, &why);
		if (rc == ERR_IO || rc == ERR_LIMIT) {
			pthread_mutex_lock(&depot->gate);
			depot->broken = why;
			pthread_mutex_unlock(&depot->gate);
		}
	}
	if (rc < 0 && err)
		*err = why;
	return rc;
}

void *depot_tender(void *depot_)
{
	struct depot *depot = depot_;
	struct timespec until;

	pthread_mutex_lock(&depot->gate);
	while (!depot->is_stopping) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&depot->stopping, &depot->gate, &until) != ETIMEDOUT)
			continue;
		pthread_mutex_unlock(&depot->gate);
		depot_tend(depot, (int64_t)clock_realtime_ns(), NULL);
		pthread_mutex_lock(&depot->gate);
	}
	pthread_mutex_unlock(&depot->gate);
	return NULL;
}
