/* depot_fold: rows become blocks, and blocks roll-ups. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/depot.h"

#define LEVEL 3                             /* zstd's, of blocks */
#define GRACE_NS ((int64_t)60 * 1000000000) /* after the end of a bucket */
#define STAGGER_S 120                       /* not all at once */
#define HOUR_GRACE_NS ((int64_t)600 * 1000000000)
#define SECOND_NS ((int64_t)1000000000)

struct due { /* a bucket to fold, or an hour to roll up */
	uint32_t series, slot;
};

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- what cannot be read ---- */

static uint64_t key_of(struct due due, bool is_hour)
{
	return (uint64_t)due.series << 32 | due.slot | (is_hour ? DEPOT_HOUR : 0);
}

static bool is_damaged(struct depot *depot, struct due due, bool is_hour)
{
	return map_find(&depot->damaged, key_of(due, is_hour));
}

/* It is said once, and the others go on. What it has stays as it is, for `flyover store repair`. */
static int set_aside(struct depot *depot, struct due due, bool is_hour, struct err *err)
{
	char sentence[ERR_TEXT_MAX + 120];
	bool is_new = false;
	uint64_t *slot;

	pthread_mutex_lock(&depot->gate);
	slot = map_add(&depot->damaged, key_of(due, is_hour), &is_new);
	pthread_mutex_unlock(&depot->gate);
	if (!slot)
		return no_memory(err);
	if (!is_new)
		return 0;
	snprintf(sentence, sizeof(sentence),
		"%s of series %u cannot be %s and is left as it is: %s",
		is_hour ? "an hour" : "five minutes", due.series, is_hour ? "rolled up" : "folded",
		err->text);
	depot_tell(depot, STORE_ROCKSDB_TROUBLE, sentence);
	return 0;
}

/* ---- folding ---- */

static int by_time(const void *a_, const void *b_)
{
	const struct record *a = *(struct record *const *)a_, *b = *(struct record *const *)b_;

	if (a->begin_ns != b->begin_ns)
		return a->begin_ns < b->begin_ns ? -1 : 1;
	return a->short_id < b->short_id ? -1 : a->short_id > b->short_id;
}

/* Reads the rows and puts their deletes into the batch. */
static int take_rows(struct depot *depot, struct due due, struct block_records *records,
	rocksdb_writebatch_t *batch, struct err *err)
{
	struct rocks_key from = rocks_key_row(due.series, (int64_t)due.slot * ROCKS_BUCKET_NS, 0);
	struct rocks_range range = {
		.family = ROCKS_ROWS, .prefix = { (char *)from.at, 8 }, .verify = true
	};
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	rocks_walk_seek(&walk, rocks_key_view(&from));
	while (rc == 0 && records->n < BLOCK_PROFILES_MAX && rocks_walk_next(&walk) &&
		rocks_bucket_of((int64_t)rocks_key_get_u64(walk.key, 8)) == due.slot) {
		rc = block_records_add(records, walk.value, err);
		rocks_delete(&depot->rocks, batch, ROCKS_ROWS, walk.key);
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

/* The hour has to be rolled up anew. */
static void put_unrolled(struct depot *depot, struct due due, rocksdb_writebatch_t *batch)
{
	uint32_t hour = rocks_hour_of_bucket(due.slot);
	struct rocks_key key = rocks_key_unrolled(due.series, hour);
	struct rocks_key rolled = rocks_key_block(rocks_day_of_hour(hour), 'H', due.series, hour);

	rocks_put(&depot->rocks, batch, ROCKS_INDEX, rocks_key_view(&key), VIEW(""));
	rocks_delete(&depot->rocks, batch, ROCKS_SAMPLES, rocks_key_view(&rolled));
}

static int put_block(struct depot *depot, struct due due, struct block_records *records,
	rocksdb_writebatch_t *batch, struct err *err)
{
	struct rocks_key key =
		rocks_key_block(rocks_day_of_bucket(due.slot), 'B', due.series, due.slot);
	BUF_AUTO block = { 0 };
	int rc;

	qsort(records->at, records->n, sizeof(*records->at), by_time);
	rc = block_encode(
		(const struct record *const *)records->at, records->n, LEVEL, &block, err);
	if (rc == 0) {
		rocks_put(&depot->rocks, batch, ROCKS_SAMPLES, rocks_key_view(&key),
			buf_view(&block));
		put_unrolled(depot, due, batch);
	}
	return rc;
}

static int add_old_block(
	struct depot *depot, struct due due, struct block_records *records, struct err *err)
{
	struct rocks_key key =
		rocks_key_block(rocks_day_of_bucket(due.slot), 'B', due.series, due.slot);
	BUF_AUTO block = { 0 };
	int rc = rocks_get(&depot->rocks, ROCKS_SAMPLES, rocks_key_view(&key), &block, err);

	if (rc == 0)
		rc = block_records_add(records, buf_view(&block), err);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int fold(struct depot *depot, struct due due, struct err *err)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct block_records records = { 0 };
	size_t n_old = 0, n_rows = 0;
	int rc = add_old_block(depot, due, &records, err);

	n_old = records.n;
	if (rc == 0)
		rc = take_rows(depot, due, &records, batch, err);
	n_rows = records.n - n_old;
	if (rc == 0 && n_rows > 0)
		rc = put_block(depot, due, &records, batch, err);
	block_records_fini(&records);
	if (rc < 0 || n_rows == 0)
		rocksdb_writebatch_destroy(batch);
	else
		rc = rocks_write(&depot->rocks, batch, false, err);
	if (rc < 0)
		return rc;
	pthread_mutex_lock(&depot->gate);
	heads_folded(&depot->heads, due.series, due.slot, n_rows);
	if (n_rows > 0 &&
		!map_add(&depot->unrolled,
			(uint64_t)due.series << 32 | rocks_hour_of_bucket(due.slot), NULL))
		rc = no_memory(err);
	pthread_mutex_unlock(&depot->gate);
	return rc;
}

static bool is_due(const struct depot *depot, const struct head *head, int64_t now_ns)
{
	int64_t end = ((int64_t)head->bucket + 1) * ROCKS_BUCKET_NS + GRACE_NS;
	int64_t idle = (int64_t)clock_monotonic_ns() - head->last_ns;

	if (now_ns < end + head->series % STAGGER_S * SECOND_NS)
		return false;
	return depot->options.by_hand || idle > 10 * SECOND_NS || head->n_rows > 1000;
}

static struct due *list_due(struct depot *depot, int64_t now_ns, size_t *ret_n)
{
	struct map_slot *slot;
	struct due *list;

	*ret_n = 0;
	pthread_mutex_lock(&depot->gate);
	list = malloc((depot->heads.of.count + 1) * sizeof(*list));
	for (size_t cursor = 0; list && (slot = map_next(&depot->heads.of, &cursor));) {
		const struct head *head = (const struct head *)(uintptr_t)slot->value;

		struct due due = { head->series, head->bucket };

		if (is_due(depot, head, now_ns) && !is_damaged(depot, due, false))
			list[(*ret_n)++] = due;
	}
	pthread_mutex_unlock(&depot->gate);
	return list;
}

static int fold_due(struct depot *depot, int64_t now_ns, struct err *err)
{
	size_t n;
	struct due *list = list_due(depot, now_ns, &n);
	int rc = list ? 0 : no_memory(err);

	for (size_t i = 0; rc == 0 && i < n && !depot->is_stopping; i++)
		if ((rc = fold(depot, list[i], err)) == ERR_CORRUPT)
			rc = set_aside(depot, list[i], false, err);
	free(list);
	return rc;
}

/* ---- rolling up ---- */

static int sum_hour(struct depot *depot, struct due due, struct block_sums *sums, struct err *err)
{
	uint32_t day = rocks_day_of_hour(due.slot);
	struct rocks_key from =
		rocks_key_block(day, 'B', due.series, due.slot * ROCKS_HOUR_BUCKETS);
	struct rocks_range range = {
		.family = ROCKS_SAMPLES, .prefix = { (char *)from.at, 9 }, .verify = true
	};
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	rocks_walk_seek(&walk, rocks_key_view(&from));
	while (rc == 0 && rocks_walk_next(&walk) &&
		rocks_hour_of_bucket(rocks_key_get_u32(walk.key, 9)) == due.slot)
		rc = block_sums_add(sums, walk.value, err);
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

static int roll(struct depot *depot, struct due due, struct err *err)
{
	struct rocks_key done = rocks_key_unrolled(due.series, due.slot);
	struct rocks_key key =
		rocks_key_block(rocks_day_of_hour(due.slot), 'H', due.series, due.slot);
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct block_sums sums = { 0 };
	BUF_AUTO block = { 0 };
	int rc = sum_hour(depot, due, &sums, err);

	if (rc == 0 && sums.n_profiles > 0)
		rc = block_encode_rolled(&sums, LEVEL, &block, err);
	block_sums_fini(&sums);
	if (rc < 0) {
		rocksdb_writebatch_destroy(batch);
		return rc;
	}
	if (block.len > 0)
		rocks_put(&depot->rocks, batch, ROCKS_SAMPLES, rocks_key_view(&key),
			buf_view(&block));
	rocks_delete(&depot->rocks, batch, ROCKS_INDEX, rocks_key_view(&done));
	rc = rocks_write(&depot->rocks, batch, false, err);
	pthread_mutex_lock(&depot->gate);
	if (rc == 0)
		map_remove(&depot->unrolled, (uint64_t)due.series << 32 | due.slot);
	pthread_mutex_unlock(&depot->gate);
	return rc;
}

static int roll_due(struct depot *depot, int64_t now_ns, struct err *err)
{
	struct map_slot *slot;
	struct due *list;
	size_t n = 0;
	int rc;

	pthread_mutex_lock(&depot->gate);
	list = malloc((depot->unrolled.count + 1) * sizeof(*list));
	for (size_t cursor = 0; list && (slot = map_next(&depot->unrolled, &cursor));) {
		struct due due = { (uint32_t)(slot->key >> 32), (uint32_t)slot->key };

		if (now_ns >= ((int64_t)due.slot + 1) * ROCKS_HOUR_NS + HOUR_GRACE_NS &&
			!is_damaged(depot, due, true))
			list[n++] = due;
	}
	pthread_mutex_unlock(&depot->gate);
	rc = list ? 0 : no_memory(err);
	for (size_t i = 0; rc == 0 && i < n && !depot->is_stopping; i++)
		if ((rc = roll(depot, list[i], err)) == ERR_CORRUPT)
			rc = set_aside(depot, list[i], true, err);
	free(list);
	return rc;
}

int depot_fold(struct depot *depot, int64_t now_ns, struct err *err)
{
	int rc = fold_due(depot, now_ns, err);

	return rc == 0 ? roll_due(depot, now_ns, err) : rc;
}
