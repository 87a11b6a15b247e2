/* depot: a store in RocksDB is opened, closed, and counted. */
#include "store/depot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_FREE_DEFAULT ((uint64_t)64 << 20)

/* ---- what is not folded or rolled up yet ---- */

/* The first row of a bucket: what its block has already counts as seen, too. */
static int load_head(struct depot *depot, const struct heads_row *row, struct err *err)
{
	struct rocks_key key = rocks_key_block(
		store_day(row->begin_ns), 'B', row->series, rocks_bucket_of(row->begin_ns));
	struct block_header header = { 0 };
	BUF_AUTO block = { 0 };
	int rc = rocks_get(&depot->rocks, ROCKS_SAMPLES, rocks_key_view(&key), &block, err);

	if (rc == 0)
		rc = block_header_decode(buf_view(&block), &header, err);
	if (rc == ERR_NOT_FOUND)
		rc = 0;
	if (rc == 0 && !heads_learn(&depot->heads, row, depot->heads.generation,
			       header.n_profiles ? &header : NULL))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	block_header_fini(&header);
	return rc;
}

static int load_row(struct depot *depot, const struct heads_row *row, struct err *err)
{
	int rc = 0;

	if (!heads_find(&depot->heads, row->series, rocks_bucket_of(row->begin_ns)))
		rc = load_head(depot, row, err);
	if (rc == 0 && heads_add(&depot->heads, row, 0) == HEADS_NO_MEMORY)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

static int load_rows(struct depot *depot, struct err *err)
{
	struct rocks_range range = { .family = ROCKS_ROWS };
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rc == 0 && rocks_walk_next(&walk)) {
		struct heads_row row = { rocks_key_get_u32(walk.key, 4),
			(int64_t)rocks_key_get_u64(walk.key, 8), rocks_key_get_u64(walk.key, 16) };

		if (walk.key.len != 24)
			rc = err_set(err, ERR_CORRUPT, "the key of a row is damaged");
		else
			rc = load_row(depot, &row, err);
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

static int load_unrolled(struct depot *depot, struct err *err)
{
	struct rocks_range range = { .family = ROCKS_INDEX, .prefix = VIEW("U") };
	struct rocks_walk walk;
	int rc = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rc == 0 && rocks_walk_next(&walk)) {
		uint64_t key = (uint64_t)rocks_key_get_u32(walk.key, 5) << 32 |
			       rocks_key_get_u32(walk.key, 9);

		if (!map_add(&depot->unrolled, key, NULL))
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc == 0)
		rc = rocks_walk_check(&walk, err);
	rocks_walk_fini(&walk);
	return rc;
}

int depot_load(struct depot *depot, struct err *err)
{
	int rc;

	heads_fini(&depot->heads);
	map_fini(&depot->unrolled);
	rc = load_rows(depot, err);
	return rc == 0 ? load_unrolled(depot, err) : rc;
}

/* ---- open and close ---- */

void depot_tell(const struct depot *depot, enum store_rocksdb_news news, const char *sentence)
{
	if (depot->options.tell)
		depot->options.tell(depot->options.owner, news, sentence);
}

static void stop(struct depot *depot)
{
	pthread_mutex_lock(&depot->gate);
	depot->is_stopping = true;
	pthread_cond_broadcast(&depot->queued);
	pthread_cond_broadcast(&depot->stopping);
	pthread_mutex_unlock(&depot->gate);
	if (depot->has_tender)
		pthread_join(depot->tender, NULL);
	if (depot->has_committer)
		pthread_join(depot->committer, NULL);
}

static void free_tenants(struct depot *depot)
{
	for (size_t i = 0; i < depot->options.n_tenants; i++)
		free((char *)depot->tenants[i].tenant.at);
	free(depot->tenants);
}

static int copy_tenants(
	struct depot *depot, const struct store_rocksdb_options *options, struct err *err)
{
	struct store_rocksdb_tenant *copies = calloc(options->n_tenants + 1, sizeof(*copies));
	bool ok = copies;

	depot->options.tenants = depot->tenants = copies;
	depot->options.n_tenants = ok ? options->n_tenants : 0;
	for (size_t i = 0; ok && i < options->n_tenants; i++) {
		struct view name = options->tenants[i].tenant;

		copies[i] = options->tenants[i];
		copies[i].tenant.at = name.len ? strndup(name.at, name.len) : strdup("");
		ok = copies[i].tenant.at;
	}
	return ok ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

static void close_depot(struct store *store)
{
	struct depot *depot = (struct depot *)store;

	control_stop(&depot->control);
	stop(depot);
	if (depot->rocks.db && depot->broken.code == 0)
		rocks_flush(&depot->rocks, NULL); /* so that the next open reads no log */
	heads_fini(&depot->heads);
	map_fini(&depot->unrolled);
	map_fini(&depot->damaged);
	lexica_fini(&depot->lexica);
	catalog_fini(&depot->catalog);
	rocks_close(&depot->rocks);
	pthread_rwlock_destroy(&depot->open);
	pthread_mutex_destroy(&depot->gate);
	pthread_cond_destroy(&depot->queued);
	pthread_cond_destroy(&depot->stopping);
	pthread_cond_destroy(&depot->resumed);
	free_tenants(depot);
	free(depot);
}

static void figures(struct store *store, struct store_figures *ret)
{
	struct depot *depot = (struct depot *)store;
	uint32_t first;
	size_t n;

	pthread_rwlock_rdlock(&depot->open);
	n = catalog_days(&depot->catalog, &first, 1);
	if (n > 0) {
		uint32_t *days = calloc(n, sizeof(*days));

		if (days && catalog_days(&depot->catalog, days, n) == n)
			ret->newest_ns = ((int64_t)days[n - 1] + 1) * STORE_DAY_NS - 1;
		ret->oldest_ns = (int64_t)first * STORE_DAY_NS;
		free(days);
	}
	ret->bytes_of_index = catalog_bytes(&depot->catalog, &ret->series, &ret->label_values);
	ret->profiles = depot->n_profiles;
	ret->samples = depot->n_samples;
	ret->duplicates = depot->n_duplicates;
	pthread_mutex_lock(&depot->gate);
	ret->damaged = depot->damaged.count;
	snprintf(ret->trouble, sizeof(ret->trouble), "%s",
		depot->broken.code ? depot->broken.text : "");
	pthread_mutex_unlock(&depot->gate);
	ret->failures = depot->n_failures;
	if (depot->rocks.db) {
		ret->bytes_on_disk = rocks_bytes(&depot->rocks);
		ret->bytes_in_memory = rocks_memory(&depot->rocks);
	}
	ret->bytes_in_memory +=
		ret->bytes_of_index + lexica_trim(&depot->lexica) + depot->bytes_queued;
	pthread_rwlock_unlock(&depot->open);
}

static const struct store_ops ops = { close_depot, depot_append, depot_scan, depot_find, figures };

/* All that was acknowledged; the server goes on meanwhile. */
static int checkpoint(void *owner, const char *path, struct err *err)
{
	struct depot *depot = owner;
	int rc;

	pthread_rwlock_rdlock(&depot->open);
	rc = depot->rocks.db ? rocks_checkpoint(&depot->rocks, path, err)
			     : err_set(err, ERR_IO, "%s", depot->broken.text);
	pthread_rwlock_unlock(&depot->open);
	return rc;
}

static int start(struct depot *depot, struct err *err)
{
	depot->has_committer = pthread_create(&depot->committer, NULL, depot_commit, depot) == 0;
	if (depot->has_committer && !depot->options.by_hand)
		depot->has_tender = pthread_create(&depot->tender, NULL, depot_tender, depot) == 0;
	return depot->has_committer && (depot->options.by_hand || depot->has_tender)
		       ? 0
		       : err_set(err, ERR_NOMEM, "cannot start the threads of the store");
}

/* Who waits to write is not overtaken by those who read, or days would never go from a store that
 * is always asked something. Nobody reads twice at a time. */
static void init_open(pthread_rwlock_t *open)
{
	pthread_rwlockattr_t how;

	pthread_rwlockattr_init(&how);
	pthread_rwlockattr_setkind_np(&how, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(open, &how);
	pthread_rwlockattr_destroy(&how);
}

int depot_open(const struct store_rocksdb_options *options, struct store **ret, struct err *err)
{
	struct depot *depot = calloc(1, sizeof(*depot));
	struct rocks_options how = { .path = options->path, .create = true };
	int rc;

	*ret = NULL;
	if (!depot)
		return err_set(err, ERR_NOMEM, "out of memory");
	depot->store.ops = &ops;
	depot->options = *options;
	depot->options.path = NULL; /* rocks has it */
	if (!options->memory_max)
		depot->options.memory_max = STORE_ROCKSDB_MEMORY_DEFAULT;
	if (!options->bytes_free)
		depot->options.bytes_free = BYTES_FREE_DEFAULT;
	how.memory_max = depot->options.memory_max / 4;
	depot->last = &depot->first;
	catalog_init(&depot->catalog, CATALOG_SERIES_MAX);
	lexica_init(&depot->lexica, depot->options.memory_max / 4);
	init_open(&depot->open);
	pthread_mutex_init(&depot->gate, NULL);
	pthread_cond_init(&depot->queued, NULL);
	pthread_cond_init(&depot->stopping, NULL);
	pthread_cond_init(&depot->resumed, NULL);
	rc = copy_tenants(depot, options, err);
	if (rc == 0)
		rc = rocks_open(&depot->rocks, &how, err);
	if (rc == 0)
		rc = catalog_load(&depot->catalog, &depot->rocks, err);
	if (rc == 0)
		rc = depot_load(depot, err);
	if (rc == 0 && depot->rocks.note[0])
		depot_tell(depot, STORE_ROCKSDB_NOTE, depot->rocks.note);
	if (rc == 0)
		rc = start(depot, err);
	if (rc == 0 && !depot->options.by_hand) {
		depot->control = (struct control){
			.path = depot->rocks.path, .checkpoint = checkpoint, .owner = depot
		};
		rc = control_start(&depot->control, err);
	}
	if (rc < 0)
		close_depot(&depot->store);
	else
		*ret = &depot->store;
	return rc;
}
