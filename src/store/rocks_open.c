/* rocks_open: a folder is locked, looked at, and opened. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "store/rocks.h"

#define MB ((size_t)1 << 20)
#define BLOCK_SIZE ((size_t)32 << 10)
#define LOG_MAX (24 * MB)
#define BLOOM_BITS 10

const char *const rocks_family_names[ROCKS_FAMILIES] = { "default", "samples", "rows",
	"dictionary" };

/* ---- the folder ---- */

static void path_in(const struct rocks *rocks, const char *name, struct buf *ret)
{
	buf_clear(ret);
	buf_add_format(ret, "%s/%s", rocks->path, name);
	buf_add_char(ret, '\0');
}

static int held(const struct rocks *rocks, struct err *err)
{
	char pid[16] = "";
	ssize_t n = pread(rocks->lock_fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
	return err_set(err, ERR_DENIED,
		"the store %s is in use by process %s: stop that one, or choose another folder",
		rocks->path, pid[0] ? pid : "(unknown)");
}

static int lock(struct rocks *rocks, struct err *err)
{
	BUF_AUTO path = { 0 };
	char pid[16];
	int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());

	path_in(rocks, "lock", &path);
	rocks->lock_fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (rocks->lock_fd < 0)
		return err_errno(err, errno, "cannot lock the store: %s", path.at);
	if (flock(rocks->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return held(rocks, err);
	if (ftruncate(rocks->lock_fd, 0) < 0 || pwrite(rocks->lock_fd, pid, (size_t)n, 0) < 0)
		return 0; /* a full disk: the lock holds all the same */
	return 0;
}

static int check_version(const struct rocks *rocks, struct view text, struct err *err)
{
	static const char head[] = "flyover store ";
	uint64_t version = 0;
	bool more;
	struct view line = view_take(&text, '\n', &more);

	if (view_starts(line, VIEW(head)))
		view_to_u64(
			(struct view){ line.at + sizeof(head) - 1, line.len - sizeof(head) + 1 },
			&version);
	if (version == 0)
		return err_set(err, ERR_CORRUPT, "%s/VERSION does not say \"%s%d\"", rocks->path,
			head, ROCKS_VERSION);
	if (version > ROCKS_VERSION)
		return err_set(err, ERR_UNSUPPORTED,
			"the store %s has version %" PRIu64
			", and this flyover knows versions up to %d: use the newer one again; "
			"nothing was changed",
			rocks->path, version, ROCKS_VERSION);
	return 0;
}

static bool is_there(const struct rocks *rocks, const char *name)
{
	BUF_AUTO path = { 0 };
	struct stat st;

	path_in(rocks, name, &path);
	return !path.failed && stat(path.at, &st) == 0;
}

int rocks_put_version(const char *path, struct err *err)
{
	BUF_AUTO text = { 0 }, file = { 0 };

	buf_add_format(&text, "flyover store %d\n", ROCKS_VERSION);
	buf_add_format(&file, "%s/VERSION", path);
	buf_add_char(&file, '\0');
	if (text.failed || file.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	return disk_write(file.at, buf_view(&text), err);
}

static int look(struct rocks *rocks, struct err *err)
{
	BUF_AUTO path = { 0 }, text = { 0 };

	path_in(rocks, "VERSION", &path);
	if (is_there(rocks, "VERSION")) {
		int rc = disk_read(path.at, 256, &text, err);

		if (rc == 0)
			rc = check_version(rocks, buf_view(&text), err);
		rocks->version_is_lost = rc < 0 && rc != ERR_UNSUPPORTED && rocks->options.lenient;
		return rocks->version_is_lost ? 0 : rc;
	}
	if (rocks->options.lenient) {
		rocks->version_is_lost = true;
		return 0;
	}
	if (is_there(rocks, "CURRENT"))
		return err_set(err, ERR_CORRUPT,
			"%s has a database without a VERSION: it is no store of Flyover's",
			rocks->path);
	if (!rocks->options.create)
		return err_set(err, ERR_NOT_FOUND, "%s is no store", rocks->path);
	return rocks_put_version(rocks->path, err);
}

static int enter(struct rocks *rocks, struct err *err)
{
	struct stat st;

	if (rocks->options.create && mkdir(rocks->path, 0750) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make the store's folder %s", rocks->path);
	if (stat(rocks->path, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_NOT_FOUND, "%s is no folder", rocks->path);
	if (!rocks->options.create && !is_there(rocks, "VERSION") &&
		!(rocks->options.lenient && is_there(rocks, "IDENTITY")))
		return err_set(err, ERR_NOT_FOUND, "%s is no store of Flyover's", rocks->path);
	return 0;
}

/* ---- options ---- */

static void set_common(rocksdb_options_t *o, const struct rocks_options *options)
{
	rocksdb_options_set_create_if_missing(o, options->create);
	rocksdb_options_set_create_missing_column_families(o, options->create);
	rocksdb_options_set_max_total_wal_size(o, LOG_MAX);
	rocksdb_options_set_db_write_buffer_size(o, options->memory_max / 2);
	rocksdb_options_set_max_background_jobs(o, 2);
	rocksdb_options_set_bytes_per_sync(o, MB);
	rocksdb_options_set_keep_log_file_num(o, 2);
	rocksdb_options_set_max_log_file_size(o, MB);
	rocksdb_options_set_info_log_level(o, 3); /* errors */
	rocksdb_options_set_max_open_files(o, 512);
	rocksdb_options_set_stats_dump_period_sec(o, 0);
	rocksdb_options_set_avoid_unnecessary_blocking_io(o, 1);
	if (options->lenient) {
		rocksdb_options_set_wal_recovery_mode(o, 3); /* whatever can be read of it */
		rocksdb_options_set_paranoid_checks(o, 0);
		rocksdb_options_set_skip_checking_sst_file_sizes_on_db_open(o, 1);
	}
}

static rocksdb_options_t *options_of(
	const struct rocks *rocks, enum rocks_family family, size_t write_buffer)
{
	rocksdb_options_t *o = rocksdb_options_create();
	rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();

	set_common(o, &rocks->options);
	rocksdb_options_set_write_buffer_size(o, write_buffer);
	rocksdb_options_set_target_file_size_base(o, 32 * MB);
	rocksdb_options_set_max_bytes_for_level_base(o, 128 * MB);
	rocksdb_options_set_compression(
		o, family == ROCKS_DICTIONARY ? rocksdb_zstd_compression : rocksdb_no_compression);
	rocksdb_block_based_options_set_block_size(table, BLOCK_SIZE);
	rocksdb_block_based_options_set_block_cache(table, rocks->cache);
	rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1);
	rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(table, 1);
	rocksdb_block_based_options_set_format_version(table, 5);
	if (family == ROCKS_SAMPLES)
		rocksdb_block_based_options_set_filter_policy(
			table, rocksdb_filterpolicy_create_bloom_full(BLOOM_BITS));
	rocksdb_options_set_block_based_table_factory(o, table);
	rocksdb_block_based_options_destroy(table);
	return o;
}

static void make_options(struct rocks *rocks)
{
	static const size_t buffers[ROCKS_FAMILIES] = { 2 * MB, 16 * MB, 16 * MB, 4 * MB };

	rocks->cache = rocksdb_cache_create_lru(rocks->options.memory_max / 2);
	for (int i = 0; i < ROCKS_FAMILIES; i++)
		rocks->of[i] = options_of(rocks, (enum rocks_family)i, buffers[i]);
	rocks->all = rocksdb_options_create();
	set_common(rocks->all, &rocks->options);
}

/* ---- open and close ---- */

static int open_db(struct rocks *rocks, struct err *err)
{
	char *text = NULL;

	if (rocks->options.lenient)
		rocks->db = rocksdb_open_for_read_only_column_families(rocks->all, rocks->path,
			ROCKS_FAMILIES, rocks_family_names,
			(const rocksdb_options_t *const *)rocks->of, rocks->families, 0, &text);
	else
		rocks->db = rocksdb_open_column_families(rocks->all, rocks->path, ROCKS_FAMILIES,
			rocks_family_names, (const rocksdb_options_t *const *)rocks->of,
			rocks->families, &text);
	if (!text)
		return 0;
	rocks->db = NULL;
	rocks_err(rocks, text, err);
	return err_where(err, "cannot open the store %s", rocks->path);
}

void rocks_shut(struct rocks *rocks)
{
	for (int i = 0; rocks->db && i < ROCKS_FAMILIES; i++)
		rocksdb_column_family_handle_destroy(rocks->families[i]);
	if (rocks->db)
		rocksdb_close(rocks->db);
	rocks->db = NULL;
}

int rocks_open(struct rocks *rocks, const struct rocks_options *options, struct err *err)
{
	int rc;

	*rocks = (struct rocks){ .options = *options, .lock_fd = -1 };
	rocks->path = strdup(options->path);
	if (!rocks->path)
		return err_set(err, ERR_NOMEM, "out of memory");
	rocks->options.path = rocks->path;
	rc = enter(rocks, err);
	if (rc == 0)
		rc = lock(rocks, err);
	if (rc == 0)
		rc = look(rocks, err);
	if (rc < 0)
		return rc;
	rocks->is_ours = true;
	make_options(rocks);
	rc = options->lenient ? 0 : rocks_check_logs(rocks, err);
	return rc == 0 ? open_db(rocks, err) : rc;
}

void rocks_close(struct rocks *rocks)
{
	rocks_shut(rocks);
	for (int i = 0; i < ROCKS_FAMILIES; i++)
		if (rocks->of[i])
			rocksdb_options_destroy(rocks->of[i]);
	if (rocks->all)
		rocksdb_options_destroy(rocks->all);
	if (rocks->cache)
		rocksdb_cache_destroy(rocks->cache);
	if (rocks->lock_fd >= 0)
		close(rocks->lock_fd);
	free(rocks->path);
	*rocks = (struct rocks){ .lock_fd = -1 };
}

int rocks_reopen(struct rocks *rocks, struct err *err)
{
	int rc;

	rocks_shut(rocks);
	rc = rocks_check_logs(rocks, err);
	return rc == 0 ? open_db(rocks, err) : rc;
}
