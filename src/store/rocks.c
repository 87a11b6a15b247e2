/* rocks: RocksDB, as far as a store needs it. */
#include "store/rocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

int rocks_err(const struct rocks *rocks, char *text, struct err *err)
{
	int rc;

	if (strstr(text, "No space left"))
		rc = err_set(err, ERR_LIMIT,
			"the disk of the store %s is full: make room there, or keep less (%s)",
			rocks->path, text);
	else if (strncmp(text, "Corruption", 10) == 0)
		rc = err_set(err, ERR_CORRUPT,
			"the store is damaged: %s; see `flyover help store` for check and repair",
			text);
	else
		rc = err_set(err, ERR_IO, "RocksDB: %s", text);
	rocksdb_free(text);
	return rc;
}

/* ---- writing ---- */

int rocks_write(struct rocks *rocks, rocksdb_writebatch_t *batch, bool sync, struct err *err)
{
	rocksdb_writeoptions_t *options = rocksdb_writeoptions_create();
	char *text = NULL;

	rocksdb_writeoptions_set_sync(options, sync);
	rocksdb_write(rocks->db, options, batch, &text);
	rocksdb_writeoptions_destroy(options);
	rocksdb_writebatch_destroy(batch);
	return text ? rocks_err(rocks, text, err) : 0;
}

int rocks_flush(struct rocks *rocks, struct err *err)
{
	rocksdb_flushoptions_t *options = rocksdb_flushoptions_create();
	char *text = NULL;
	int rc = 0;

	rocksdb_flushoptions_set_wait(options, 1);
	for (int i = 0; rc == 0 && i < ROCKS_FAMILIES; i++) {
		rocksdb_flush_cf(rocks->db, options, rocks->families[i], &text);
		rc = text ? rocks_err(rocks, text, err) : 0;
	}
	rocksdb_flushoptions_destroy(options);
	return rc;
}

void rocks_put(struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family,
	struct view key, struct view value)
{
	rocksdb_writebatch_put_cf(batch, rocks->families[family], key.at, key.len,
		value.at ? value.at : "", value.len);
}

void rocks_delete(
	struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family, struct view key)
{
	rocksdb_writebatch_delete_cf(batch, rocks->families[family], key.at, key.len);
}

void rocks_delete_range(struct rocks *rocks, rocksdb_writebatch_t *batch, enum rocks_family family,
	struct view from, struct view to)
{
	rocksdb_writebatch_delete_range_cf(
		batch, rocks->families[family], from.at, from.len, to.at, to.len);
}

int rocks_drop_files(struct rocks *rocks, enum rocks_family family, struct view from,
	struct view to, struct err *err)
{
	char *text = NULL;

	rocksdb_delete_file_in_range_cf(
		rocks->db, rocks->families[family], from.at, from.len, to.at, to.len, &text);
	return text ? rocks_err(rocks, text, err) : 0;
}

void rocks_compact(struct rocks *rocks, enum rocks_family family, struct view from, struct view to)
{
	rocksdb_compact_range_cf(
		rocks->db, rocks->families[family], from.at, from.len, to.at, to.len);
}

/* ---- reading ---- */

int rocks_get(struct rocks *rocks, enum rocks_family family, struct view key, struct buf *ret,
	struct err *err)
{
	rocksdb_readoptions_t *options = rocksdb_readoptions_create();
	char *text = NULL;
	rocksdb_pinnableslice_t *found = rocksdb_get_pinned_cf(
		rocks->db, options, rocks->families[family], key.at, key.len, &text);
	size_t len;
	const char *at = found ? rocksdb_pinnableslice_value(found, &len) : NULL;

	buf_clear(ret);
	if (at)
		buf_add(ret, at, len);
	rocksdb_pinnableslice_destroy(found);
	rocksdb_readoptions_destroy(options);
	if (text)
		return rocks_err(rocks, text, err);
	if (ret->failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	return at ? 0 : ERR_NOT_FOUND;
}

void rocks_walk_init(struct rocks_walk *walk, struct rocks *rocks, const struct rocks_range *range)
{
	*walk = (struct rocks_walk){ .rocks = rocks, .prefix_len = range->prefix.len };
	memcpy(walk->prefix, range->prefix.at ? range->prefix.at : "", range->prefix.len);
	walk->options = rocksdb_readoptions_create();
	rocksdb_readoptions_set_snapshot(walk->options, range->snapshot);
	rocksdb_readoptions_set_fill_cache(walk->options, !range->verify);
	rocksdb_readoptions_set_verify_checksums(walk->options, 1);
	walk->at = rocksdb_create_iterator_cf(
		rocks->db, walk->options, rocks->families[range->family]);
	rocks_walk_seek(walk, range->prefix);
}

void rocks_walk_fini(struct rocks_walk *walk)
{
	if (walk->at)
		rocksdb_iter_destroy(walk->at);
	if (walk->options)
		rocksdb_readoptions_destroy(walk->options);
	*walk = (struct rocks_walk){ 0 };
}

void rocks_walk_seek(struct rocks_walk *walk, struct view from)
{
	rocksdb_iter_seek(walk->at, from.at ? from.at : "", from.len);
	walk->key = (struct view){ 0 };
}

bool rocks_walk_next(struct rocks_walk *walk)
{
	if (walk->key.at)
		rocksdb_iter_next(walk->at);
	if (!rocksdb_iter_valid(walk->at)) {
		walk->key = walk->value = (struct view){ 0 };
		return false;
	}
	walk->key.at = rocksdb_iter_key(walk->at, &walk->key.len);
	walk->value.at = rocksdb_iter_value(walk->at, &walk->value.len);
	return view_starts(walk->key, (struct view){ (char *)walk->prefix, walk->prefix_len });
}

int rocks_walk_check(const struct rocks_walk *walk, struct err *err)
{
	char *text = NULL;

	rocksdb_iter_get_error(walk->at, &text);
	return text ? rocks_err(walk->rocks, text, err) : 0;
}

/* ---- files ---- */

static uint32_t family_of(const char *name)
{
	for (uint32_t i = 0; i < ROCKS_FAMILIES; i++)
		if (strcmp(rocks_family_names[i], name) == 0)
			return i;
	return UINT32_MAX;
}

int rocks_tables(struct rocks *rocks, struct rocks_table **ret, size_t *ret_n, struct err *err)
{
	const rocksdb_livefiles_t *files = rocksdb_livefiles(rocks->db);
	int n = rocksdb_livefiles_count(files);

	*ret = calloc((size_t)n + 1, sizeof(**ret));
	*ret_n = (size_t)n;
	for (int i = 0; *ret && i < n; i++) {
		struct rocks_table *table = &(*ret)[i];
		const char *name = rocksdb_livefiles_name(files, i);

		snprintf(table->name, sizeof(table->name), "%s", name + (*name == '/'));
		table->family = family_of(rocksdb_livefiles_column_family_name(files, i));
		table->size = rocksdb_livefiles_size(files, i);
	}
	rocksdb_livefiles_destroy(files);
	return *ret ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

int rocks_checkpoint(struct rocks *rocks, const char *path, struct err *err)
{
	char *text = NULL;
	rocksdb_checkpoint_t *checkpoint = rocksdb_checkpoint_object_create(rocks->db, &text);

	if (!text)
		rocksdb_checkpoint_create(checkpoint, path, 0, &text);
	if (checkpoint)
		rocksdb_checkpoint_object_destroy(checkpoint);
	return text ? rocks_err(rocks, text, err) : rocks_put_version(path, err);
}

/* ---- figures ---- */

static uint64_t property(struct rocks *rocks, enum rocks_family family, const char *name)
{
	uint64_t value = 0;

	rocksdb_property_int_cf(rocks->db, rocks->families[family], name, &value);
	return value;
}

uint64_t rocks_bytes(struct rocks *rocks)
{
	uint64_t sum = 0;

	for (int i = 0; i < ROCKS_FAMILIES; i++)
		sum += property(rocks, (enum rocks_family)i, "rocksdb.live-sst-files-size") +
		       property(rocks, (enum rocks_family)i, "rocksdb.cur-size-active-mem-table");
	return sum;
}

uint64_t rocks_memory(struct rocks *rocks)
{
	uint64_t sum = rocksdb_cache_get_usage(rocks->cache);

	for (int i = 0; i < ROCKS_FAMILIES; i++)
		sum += property(rocks, (enum rocks_family)i, "rocksdb.size-all-mem-tables");
	return sum;
}

uint64_t rocks_bytes_free(struct rocks *rocks)
{
	struct statvfs fs;

	return statvfs(rocks->path, &fs) == 0 ? (uint64_t)fs.f_bavail * fs.f_frsize : UINT64_MAX;
}
