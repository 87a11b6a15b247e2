/* vault: backups of a store, by RocksDB's engine for them. */
#include "store/vault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "store/control.h"
#include "store/folders.h"
#include "store/rocks.h"

#define VERSION 1
#define HEAD "flyover backup "
#define MEMORY ((size_t)64 << 20)

/* ---- its version ---- */

static int path_of(const char *folder, const char *name, struct buf *ret, struct err *err)
{
	buf_clear(ret);
	buf_add_format(ret, "%s/%s", folder, name);
	buf_add_char(ret, '\0');
	return ret->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static int check_version(const char *vault, struct err *err)
{
	BUF_AUTO path = { 0 }, text = { 0 };
	struct view rest, line;
	uint64_t version = 0, of_store = 0;
	bool more;
	int rc = path_of(vault, "VERSION", &path, err);

	if (rc == 0 && disk_read(path.at, 256, &text, NULL) < 0)
		return err_set(err, ERR_NOT_FOUND, "%s has no backups of Flyover's", vault);
	rest = buf_view(&text);
	line = view_take(&rest, '\n', &more);
	if (view_starts(line, VIEW(HEAD)))
		view_to_u64(
			(struct view){ line.at + strlen(HEAD), line.len - strlen(HEAD) }, &version);
	line = view_take(&rest, '\n', &more);
	if (view_starts(line, VIEW("flyover store ")))
		view_to_u64((struct view){ line.at + 14, line.len - 14 }, &of_store);
	if (rc == 0 && (version == 0 || of_store == 0))
		return err_set(err, ERR_CORRUPT, "%s/VERSION makes no sense", vault);
	if (rc == 0 && (version > VERSION || of_store > ROCKS_VERSION))
		return err_set(err, ERR_UNSUPPORTED,
			"%s has backups of version %" PRIu64 " with stores of version %" PRIu64
			", and this flyover knows versions up to %d and %d: use the newer one "
			"again; nothing was changed",
			vault, version, of_store, VERSION, ROCKS_VERSION);
	return rc;
}

static int write_version(const char *vault, struct err *err)
{
	BUF_AUTO path = { 0 }, text = { 0 };
	int rc = path_of(vault, "VERSION", &path, err);

	buf_add_format(&text, HEAD "%d\nflyover store %d\n", VERSION, ROCKS_VERSION);
	return rc < 0 ? rc : disk_write(path.at, buf_view(&text), err);
}

/* ---- the engine ---- */

static int engine_err(const char *vault, char *text, struct err *err)
{
	int rc = err_set(err, strstr(text, "No space left") ? ERR_LIMIT : ERR_IO,
		"the backups in %s: %s", vault, text);

	rocksdb_free(text);
	return rc;
}

static int engine_open(const char *vault, rocksdb_backup_engine_t **ret, struct err *err)
{
	rocksdb_options_t *options = rocksdb_options_create();
	char *text = NULL;

	*ret = rocksdb_backup_engine_open(options, vault, &text);
	rocksdb_options_destroy(options);
	return text ? engine_err(vault, text, err) : 0;
}

static int list(
	rocksdb_backup_engine_t *engine, struct vault_backup **ret, size_t *ret_n, struct err *err)
{
	const rocksdb_backup_engine_info_t *info = rocksdb_backup_engine_get_backup_info(engine);
	int n = rocksdb_backup_engine_info_count(info);

	*ret_n = (size_t)n;
	*ret = calloc((size_t)n + 1, sizeof(**ret));
	for (int i = 0; *ret && i < n; i++)
		(*ret)[i] = (struct vault_backup){ rocksdb_backup_engine_info_backup_id(info, i),
			rocksdb_backup_engine_info_timestamp(info, i),
			rocksdb_backup_engine_info_size(info, i),
			rocksdb_backup_engine_info_number_files(info, i) };
	rocksdb_backup_engine_info_destroy(info);
	return *ret ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

static int find(rocksdb_backup_engine_t *engine, const char *vault, uint32_t id,
	struct vault_backup *ret, struct err *err)
{
	struct vault_backup *all;
	size_t n;
	int rc = list(engine, &all, &n, err);

	if (rc < 0)
		return rc;
	*ret = (struct vault_backup){ 0 };
	for (size_t i = 0; i < n; i++)
		if (all[i].id == id || (id == 0 && all[i].id > ret->id))
			*ret = all[i];
	free(all);
	if (ret->id)
		return 0;
	return id ? err_set(err, ERR_NOT_FOUND, "%s has no backup %" PRIu32 " that is whole", vault,
			    id)
		  : err_set(err, ERR_NOT_FOUND, "%s has no backup that is whole", vault);
}

/* ---- backing up ---- */

/* The store itself, or, if a server has it, that server's checkpoint. */
static int open_source(const char *store, struct rocks *rocks, int *ret_fd, struct err *err)
{
	struct rocks_options options = { .path = store, .memory_max = MEMORY };
	BUF_AUTO path = { 0 };
	int rc = rocks_open(rocks, &options, err);

	*ret_fd = -1;
	if (rc != ERR_DENIED)
		return rc;
	rocks_close(rocks);
	rc = control_ask(store, ret_fd, err);
	if (rc == 0)
		rc = path_of(store, CONTROL_CHECKPOINT, &path, err);
	options.path = path.at;
	return rc == 0 ? rocks_open(rocks, &options, err) : rc;
}

static int prepare(const char *vault, struct err *err)
{
	if (!folders_is_free(vault))
		return check_version(vault, err);
	if (mkdir(vault, 0750) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make the folder %s", vault);
	return write_version(vault, err);
}

static int copy(struct rocks *rocks, const char *vault, uint32_t keep, struct vault_backup *ret,
	struct err *err)
{
	rocksdb_backup_engine_t *engine;
	char *text = NULL;
	int rc = engine_open(vault, &engine, err);

	if (rc < 0)
		return rc;
	rocksdb_backup_engine_create_new_backup_flush(engine, rocks->db, 1, &text);
	if (!text)
		rc = find(engine, vault, 0, ret, err);
	if (!text && rc == 0 && keep)
		rocksdb_backup_engine_purge_old_backups(engine, keep, &text);
	if (text)
		rc = engine_err(vault, text, err);
	rocksdb_backup_engine_close(engine);
	return rc;
}

int vault_add(const char *store, const char *vault, uint32_t keep, struct vault_backup *ret,
	struct err *err)
{
	struct rocks rocks = { .lock_fd = -1 };
	int fd = -1, rc = prepare(vault, err);

	if (rc < 0)
		return rc;
	rc = open_source(store, &rocks, &fd, err);
	if (rc == 0)
		rc = copy(&rocks, vault, keep, ret, err);
	rocks_close(&rocks);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* ---- looking, and coming back ---- */

int vault_list(const char *vault, struct vault_backup **ret, size_t *ret_n, struct err *err)
{
	rocksdb_backup_engine_t *engine;
	int rc = check_version(vault, err);

	*ret = NULL;
	if (rc == 0)
		rc = engine_open(vault, &engine, err);
	if (rc < 0)
		return rc;
	rc = list(engine, ret, ret_n, err);
	rocksdb_backup_engine_close(engine);
	return rc;
}

static int bring_back(rocksdb_backup_engine_t *engine, const char *vault, uint32_t id,
	const char *into, struct err *err)
{
	rocksdb_restore_options_t *options;
	char *text = NULL;

	if (mkdir(into, 0750) < 0)
		return err_errno(err, errno, "cannot make the folder %s", into);
	options = rocksdb_restore_options_create();
	rocksdb_backup_engine_restore_db_from_backup(engine, into, into, options, id, &text);
	rocksdb_restore_options_destroy(options);
	if (text)
		return engine_err(vault, text, err);
	return rocks_put_version(into, err);
}

static int put_in_place(const char *made, const char *store, struct err *err)
{
	if (rmdir(store) < 0 && errno != ENOENT)
		return err_errno(err, errno, "cannot replace the empty folder %s", store);
	if (rename(made, store) < 0)
		return err_errno(err, errno, "cannot rename %s to %s", made, store);
	return folders_sync_parent(store, err);
}

int vault_restore(const char *vault, uint32_t id, const char *store, struct vault_backup *ret,
	struct err *err)
{
	rocksdb_backup_engine_t *engine;
	BUF_AUTO made = { 0 };
	size_t len = strlen(store);
	int rc;

	while (len > 1 && store[len - 1] == '/')
		len--;
	buf_add_format(&made, "%.*s.restoring", (int)len, store);
	buf_add_char(&made, '\0');
	if (made.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!folders_is_free(store))
		return err_set(err, ERR_USAGE,
			"%s is not empty: a store comes back into a folder of its own", store);
	rc = check_version(vault, err);
	if (rc == 0)
		rc = engine_open(vault, &engine, err);
	if (rc < 0)
		return rc;
	rc = find(engine, vault, id, ret, err);
	if (rc == 0)
		rc = folders_remove(made.at, err);
	if (rc == 0)
		rc = bring_back(engine, vault, ret->id, made.at, err);
	rocksdb_backup_engine_close(engine); /* its threads may write until here */
	if (rc == 0)
		rc = put_in_place(made.at, store, err);
	if (rc < 0)
		folders_remove(made.at, NULL);
	return rc;
}
