/* depot_scan: the series that are asked for, one after another: roll-ups, blocks, rows. */
#include <stdlib.h>

#include "store/depot.h"
#include "store/depot_part.h"

/* A bucket of a series that has rows. */
struct loose {
	uint32_t series, bucket;
};

struct scan {
	struct depot *depot;
	const struct store_scan *asked;
	struct loose *loose; /* owned; in order */
	size_t n_loose;
	const rocksdb_snapshot_t *snapshot;
	struct depot_part part;
	struct rocks_walk blocks, rolled, rows; /* zero = not begun in this day */
	uint32_t series, day;
	bool may_roll;                       /* whole hours may be given as one part */
	struct store_dictionary *dictionary; /* owned; of the series' service in `week` */
	uint32_t week;
};

static int by_place(const void *a_, const void *b_)
{
	const struct loose *a = a_, *b = b_;

	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	return a->bucket < b->bucket ? -1 : a->bucket > b->bucket;
}

/* Before the snapshot: what is folded in between is seen in its block. */
static int list_loose(struct scan *s, struct err *err)
{
	const struct store_select *select = s->asked->select;
	const struct heads *heads = &s->depot->heads;
	struct map_slot *slot;

	pthread_mutex_lock(&s->depot->gate);
	s->loose = malloc((heads->of.count + 1) * sizeof(*s->loose));
	for (size_t cursor = 0; s->loose && (slot = map_next(&heads->of, &cursor));) {
		uint32_t bucket = (uint32_t)slot->key;

		if (((int64_t)bucket + 1) * ROCKS_BUCKET_NS > record_earliest_ns(select) &&
			(int64_t)bucket * ROCKS_BUCKET_NS < select->to_ns)
			s->loose[s->n_loose++] =
				(struct loose){ (uint32_t)(slot->key >> 32), bucket };
	}
	pthread_mutex_unlock(&s->depot->gate);
	if (!s->loose)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (s->n_loose > 0)
		qsort(s->loose, s->n_loose, sizeof(*s->loose), by_place);
	return 0;
}

/* The first bucket with rows at or after that one; `end` if there is none before it. */
static uint32_t next_loose(const struct scan *s, uint32_t bucket, uint32_t end)
{
	size_t low = 0, high = s->n_loose;
	struct loose wanted = { s->series, bucket };

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_place(&s->loose[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s->n_loose || s->loose[low].series != s->series || s->loose[low].bucket > end)
		return end;
	return s->loose[low].bucket;
}

/* ---- one bucket ---- */

static int give_block(struct scan *s, struct view block, struct err *err)
{
	struct block_header header = { 0 };
	int rc = budget_check(s->asked->select->budget, err);

	if (rc == 0)
		rc = block_header_decode(block, &header, err);
	if (rc == 0 && s->part.type >= header.n_types)
		rc = err_set(err, ERR_CORRUPT, "a block has not the types of its series");
	if (rc == 0)
		rc = depot_part_give(&s->part, &header, err);
	block_header_fini(&header);
	return rc;
}

/* A bucket with rows: these, and the profiles of its block, in order of time. */
static int by_time(const void *a_, const void *b_)
{
	const struct record *a = *(struct record *const *)a_, *b = *(struct record *const *)b_;

	if (a->begin_ns != b->begin_ns)
		return a->begin_ns < b->begin_ns ? -1 : 1;
	return a->short_id < b->short_id ? -1 : a->short_id > b->short_id;
}

static int give_records(struct scan *s, struct block_records *records, struct err *err)
{
	BUF_AUTO block = { 0 };
	int rc;

	if (records->n == 0)
		return 0;
	qsort(records->at, records->n, sizeof(*records->at), by_time);
	rc = block_encode((const struct record *const *)records->at, records->n, 1, &block, err);
	return rc == 0 ? give_block(s, buf_view(&block), err) : rc;
}

static int add_rows(struct scan *s, uint32_t bucket, struct block_records *records, struct err *err)
{
	struct rocks_key from = rocks_key_row(s->series, (int64_t)bucket * ROCKS_BUCKET_NS, 0);
	int rc = 0;

	if (!s->rows.at) {
		struct rocks_range range = { .family = ROCKS_ROWS, .snapshot = s->snapshot };

		range.prefix = (struct view){ (char *)from.at, 8 };
		rocks_walk_init(&s->rows, &s->depot->rocks, &range);
	}
	rocks_walk_seek(&s->rows, rocks_key_view(&from));
	while (rc == 0 && rocks_walk_next(&s->rows) &&
		rocks_bucket_of((int64_t)rocks_key_get_u64(s->rows.key, 8)) == bucket)
		rc = block_records_add(records, s->rows.value, err);
	return rc == 0 ? rocks_walk_check(&s->rows, err) : rc;
}

static int give_loose(struct scan *s, uint32_t bucket, struct view block, struct err *err)
{
	struct block_records records = { 0 };
	int rc = block.len > 0 ? block_records_add(&records, block, err) : 0;

	if (rc == 0)
		rc = add_rows(s, bucket, &records, err);
	if (rc == 0)
		rc = give_records(s, &records, err);
	block_records_fini(&records);
	return rc;
}

/* ---- hours and days ---- */

/* Blocks and rows of [from, to), which lies in a day. */
static int scan_buckets(struct scan *s, uint32_t from, uint32_t to, struct err *err)
{
	struct rocks_key key = rocks_key_block(s->day, 'B', s->series, from);
	uint32_t loose = next_loose(s, from, to);
	int rc = 0;

	if (!s->blocks.at) {
		struct rocks_range range = { .family = ROCKS_SAMPLES, .snapshot = s->snapshot };

		range.prefix = (struct view){ (char *)key.at, 9 };
		rocks_walk_init(&s->blocks, &s->depot->rocks, &range);
	}
	rocks_walk_seek(&s->blocks, rocks_key_view(&key));
	while (rc == 0) {
		bool has_block = rocks_walk_next(&s->blocks);
		uint32_t bucket = has_block ? rocks_key_get_u32(s->blocks.key, 9) : to;

		if (bucket > to)
			bucket = to;
		for (; rc == 0 && loose < bucket; loose = next_loose(s, loose + 1, to))
			rc = give_loose(s, loose, VIEW(""), err);
		if (rc < 0 || bucket == to)
			break;
		if (rc == 0 && loose == bucket) {
			rc = give_loose(s, bucket, s->blocks.value, err);
			loose = next_loose(s, bucket + 1, to);
		} else if (rc == 0) {
			rc = give_block(s, s->blocks.value, err);
		}
	}
	return rc == 0 ? rocks_walk_check(&s->blocks, err) : rc;
}

/* Whether the hour lies in the window, and in one step. */
static bool is_whole_hour(const struct scan *s, uint32_t hour)
{
	int64_t from = (int64_t)hour * ROCKS_HOUR_NS, last = from + ROCKS_HOUR_NS - 1;
	const struct store_select *select = s->asked->select;

	return s->may_roll && from >= select->from_ns && last < select->to_ns &&
	       depot_part_together(s->asked, from, last);
}

/* The roll-up of the hour, if there is one and nothing came since. */
static bool find_rolled(struct scan *s, uint32_t hour)
{
	struct rocks_key key = rocks_key_block(s->day, 'H', s->series, hour);
	uint32_t first = hour * ROCKS_HOUR_BUCKETS, end = first + ROCKS_HOUR_BUCKETS;

	if (!is_whole_hour(s, hour) || next_loose(s, first, end) != end)
		return false;
	if (!s->rolled.at) {
		struct rocks_range range = { .family = ROCKS_SAMPLES, .snapshot = s->snapshot };

		range.prefix = (struct view){ (char *)key.at, 9 };
		rocks_walk_init(&s->rolled, &s->depot->rocks, &range);
		rocks_walk_seek(&s->rolled, rocks_key_view(&key));
		if (!rocks_walk_next(&s->rolled))
			return false;
	}
	while (s->rolled.key.len == 13 && rocks_key_get_u32(s->rolled.key, 9) < hour)
		if (!rocks_walk_next(&s->rolled))
			return false;
	return view_starts(s->rolled.key, (struct view){ (char *)key.at, 9 }) &&
	       rocks_key_get_u32(s->rolled.key, 9) == hour;
}

static int scan_day(struct scan *s, uint32_t from, uint32_t to, struct err *err)
{
	uint32_t pending = from; /* buckets from here are still to be scanned */
	int rc = 0;

	for (uint32_t hour = rocks_hour_of_bucket(from);
		rc == 0 && s->may_roll && hour <= rocks_hour_of_bucket(to - 1); hour++) {
		if (!find_rolled(s, hour))
			continue;
		if (pending < hour * ROCKS_HOUR_BUCKETS)
			rc = scan_buckets(s, pending, hour * ROCKS_HOUR_BUCKETS, err);
		if (rc == 0)
			rc = give_block(s, s->rolled.value, err);
		pending = (hour + 1) * ROCKS_HOUR_BUCKETS;
	}
	if (rc == 0 && pending < to)
		rc = scan_buckets(s, pending, to, err);
	rocks_walk_fini(&s->blocks);
	rocks_walk_fini(&s->rolled);
	rocks_walk_fini(&s->rows);
	return rc;
}

/* ---- series ---- */

static int find_dictionary(struct scan *s, const struct catalog_series *series, struct err *err)
{
	struct lexica_name name = { series->info.tenant, series->info.service,
		s->day / STORE_WEEK_DAYS };
	struct lexicon *lexicon;
	int rc;

	if (s->asked->detail == STORE_TOTALS || (s->dictionary && s->week == name.week))
		return 0;
	dictionary_unref(s->dictionary);
	s->dictionary = NULL;
	rc = lexica_get(&s->depot->lexica, &s->depot->rocks, &name, &lexicon, err);
	if (rc == 0)
		s->dictionary = lexicon->dictionary;
	s->week = name.week;
	return rc;
}

static int scan_series(struct scan *s, const uint32_t *days, size_t n_days, struct err *err)
{
	const struct catalog_series *series = catalog_at(&s->depot->catalog, s->series);
	const struct store_select *select = s->asked->select;
	int64_t earliest_ns = record_earliest_ns(select);
	int64_t from_ns = earliest_ns < 0 ? 0 : earliest_ns;
	int64_t to_ns = select->to_ns > STORE_TIME_MAX ? STORE_TIME_MAX : select->to_ns;
	int rc = 0;

	if (!series)
		return 0;
	rc = budget_check(select->budget, err);
	s->part.series = &series->info.series;
	s->part.type = (size_t)store_type_of(&series->info.series, &select->type);
	for (size_t i = 0; rc == 0 && i < n_days; i++) {
		int64_t day_ns = (int64_t)days[i] * STORE_DAY_NS;
		int64_t from = from_ns > day_ns ? from_ns : day_ns;
		int64_t to = to_ns < day_ns + STORE_DAY_NS ? to_ns : day_ns + STORE_DAY_NS;

		if (from >= to)
			continue;
		s->day = days[i];
		rc = find_dictionary(s, series, err);
		s->part.dictionary = s->dictionary;
		if (rc == 0)
			rc = scan_day(s, rocks_bucket_of(from), rocks_bucket_of(to - 1) + 1, err);
	}
	dictionary_unref(s->dictionary);
	s->dictionary = NULL;
	return rc;
}

struct ordered {
	struct view service;
	uint32_t id;
};

static int by_service(const void *a_, const void *b_)
{
	const struct ordered *a = a_, *b = b_;
	int order = view_compare(a->service, b->service);

	return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* Service by service: where dictionaries do not fit into memory together, each is read once. */
static int order(struct scan *s, uint32_t *ids, size_t n, struct err *err)
{
	struct ordered *all = malloc((n + 1) * sizeof(*all));

	if (!all)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const struct catalog_series *series = catalog_at(&s->depot->catalog, ids[i]);

		all[i] = (struct ordered){ series ? series->info.service : VIEW(""), ids[i] };
	}
	qsort(all, n, sizeof(*all), by_service);
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i].id;
	free(all);
	return 0;
}

static int scan_all(struct scan *s, struct err *err)
{
	struct store_select select = *s->asked->select;
	size_t n_days = catalog_days(&s->depot->catalog, NULL, 0), n_ids = 0;
	uint32_t *days = calloc(n_days + 1, sizeof(*days)), *ids = NULL;
	int rc = days ? 0 : err_set(err, ERR_NOMEM, "out of memory");
	size_t there = days ? catalog_days(&s->depot->catalog, days, n_days) : 0;

	if (there < n_days)
		n_days = there;
	select.from_ns = record_earliest_ns(&select);
	if (rc == 0)
		rc = catalog_select(&s->depot->catalog, &select, &ids, &n_ids, err);
	if (rc == 0 && s->asked->detail != STORE_TOTALS)
		rc = order(s, ids, n_ids, err);
	for (size_t i = 0; rc == 0 && i < n_ids; i++) {
		s->series = ids[i];
		rc = scan_series(s, days, n_days, err);
	}
	free(days);
	free(ids);
	return rc == 0 ? store_check_matchers(s->asked->select, err) : rc;
}

int depot_scan(struct store *store, const struct store_scan *asked, struct err *err)
{
	struct depot *depot = (struct depot *)store;
	struct scan s = { .depot = depot, .asked = asked, .part.scan = asked };
	int rc;

	s.may_roll = !asked->apart && asked->detail != STORE_SPANS &&
		     !record_asks_for_spans(asked->select);
	pthread_rwlock_rdlock(&depot->open);
	rc = depot->rocks.db ? list_loose(&s, err) : err_set(err, ERR_IO, "%s", depot->broken.text);
	if (rc == 0) {
		s.snapshot = rocksdb_create_snapshot(depot->rocks.db);
		rc = scan_all(&s, err);
		rocksdb_release_snapshot(depot->rocks.db, s.snapshot);
	}
	pthread_rwlock_unlock(&depot->open);
	free(s.loose);
	depot_part_fini(&s.part);
	return rc;
}

int depot_find(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err)
{
	struct depot *depot = (struct depot *)store;
	uint32_t *ids = NULL;
	size_t n = 0;
	int rc;

	pthread_rwlock_rdlock(&depot->open);
	rc = catalog_select(&depot->catalog, select, &ids, &n, err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct catalog_series *series = catalog_at(&depot->catalog, ids[i]);

		if (series)
			rc = each(owner, &series->info.series);
	}
	pthread_rwlock_unlock(&depot->open);
	free(ids);
	return rc == 0 ? store_check_matchers(select, err) : rc;
}
