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
	int rc = roaring_bitmap_is_empty(only) ? 0 : depot_drop_of(depot, day, only, err);

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
	uint32_t today = store_day(now_ns);
	size_t n = catalog_days(&depot->catalog, NULL, 0);
	uint32_t *days = calloc(n + 1, sizeof(*days));
	int rc = 0;

	if (!days)
		return err_set(err, ERR_NOMEM, "out of memory");
	n = catalog_days(&depot->catalog, days, n);
	atomic_store(&depot->today, today);
	if (depot->kept != today)
		rc = keep_days(depot, days, n, err);
	if (rc == 0)
		depot->kept = today;
	n = catalog_days(&depot->catalog, days, n);
	for (size_t i = 0; rc == 0 && bytes_max && i + 1 < n && bytes_of(depot) > bytes_max; i++)
		rc = depot_drop(depot, days[i], err); /* the newest stays */
	free(days);
	return rc == DEPOT_IN_USE ? 0 : rc;
}
