/* symcache: function tables on disk, so that a build is read once. */
#include "symbol/symcache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/hash.h"
#include "base/vec.h"

#define MAGIC "FLYSYMS\x01" /* the last byte is the version */

static const char *const endings[] = {
	[SYMCACHE_TABLE] = ".sym", [SYMCACHE_LINES] = ".lines", [SYMCACHE_TYPES] = ".types"
};
#define KINDS (sizeof(endings) / sizeof(endings[0]))

struct header {
	char magic[8];
	uint64_t checksum; /* XXH3 of all that follows this field */
	uint64_t n_rows;
	uint64_t names_len;
	uint64_t key; /* XXH3 of the key: a renamed file is a miss */
};

struct symcache {
	char *dir; /* owned */
	uint64_t bytes_max;
	atomic_bool grown; /* since the last trim */
};

void symcache_encode(const struct symtab *table, struct view key, struct buf *out)
{
	struct view names = symtab_names(table);
	struct header header = { .names_len = names.len, .key = hash_view(key) };
	const size_t start = out->len, summed = offsetof(struct header, n_rows);
	const struct symtab_row *rows;
	size_t n;

	memcpy(header.magic, MAGIC, sizeof(header.magic));
	rows = symtab_rows(table, &n);
	header.n_rows = n;
	buf_add(out, &header, sizeof(header));
	buf_add(out, rows, n * sizeof(*rows));
	buf_add_view(out, names);
	if (out->failed)
		return;
	header.checksum =
		hash_view((struct view){ out->at + start + summed, out->len - start - summed });
	memcpy(out->at + start, &header, sizeof(header));
}

static int miss(struct err *err, const char *why)
{
	return err_set(err, ERR_NOT_FOUND, "%s", why);
}

int symcache_decode(struct buf *bytes, struct view key, struct symtab **ret, struct err *err)
{
	const size_t summed = offsetof(struct header, n_rows);
	struct header header;
	size_t left;

	if (bytes->len < sizeof(header))
		return miss(err, "too short");
	memcpy(&header, bytes->at, sizeof(header));
	left = bytes->len - sizeof(header);
	if (memcmp(header.magic, MAGIC, sizeof(header.magic)) != 0)
		return miss(err, "another version");
	if (header.checksum != hash_view((struct view){ bytes->at + summed, bytes->len - summed }))
		return miss(err, "the checksum does not match");
	if (header.key != hash_view(key))
		return miss(err, "made for another key");
	if (header.n_rows > left / sizeof(struct symtab_row) ||
		header.names_len != left - header.n_rows * sizeof(struct symtab_row))
		return miss(err, "the lengths do not add up");
	/* The header is 40 bytes, so rows are as aligned as the block is. */
	return symtab_from_bytes(bytes, sizeof(header), header.n_rows, ret, err);
}

static char *default_dir(void)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	BUF_AUTO path = { .max = PATH_MAX };

	if (base && base[0] == '/')
		buf_add_format(&path, "%s/flyover", base);
	else if (home && home[0] == '/')
		buf_add_format(&path, "%s/.cache/flyover", home);
	return path.len && !path.failed ? strndup(path.at, path.len) : NULL;
}

/* Parents get the usual mode, the folder itself 0700. */
static int make_dir(char *dir, struct err *err)
{
	struct stat st;

	for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(dir, 0700);
		*slash = '/';
	}
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make %s", dir);
	if (lstat(dir, &st) < 0)
		return err_errno(err, errno, "cannot look at %s", dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
		return err_set(err, ERR_DENIED,
			"%s must be a folder of this user that nobody else can write", dir);
	return 0;
}

int symcache_open(const char *dir, uint64_t bytes_max, struct symcache **ret, struct err *err)
{
	struct symcache *cache = calloc(1, sizeof(*cache));
	int rc;

	if (!cache)
		return err_set(err, ERR_NOMEM, "out of memory");
	cache->bytes_max = bytes_max ? bytes_max : SYMCACHE_BYTES_MAX;
	cache->dir = dir ? strdup(dir) : default_dir();
	rc = cache->dir ? make_dir(cache->dir, err)
			: err_set(err, ERR_NOT_FOUND, "neither XDG_CACHE_HOME nor HOME is set");
	if (rc < 0) {
		symcache_free(cache);
		return rc;
	}
	*ret = cache;
	return 0;
}

void symcache_free(struct symcache *cache)
{
	if (!cache)
		return;
	free(cache->dir);
	free(cache);
}

static int path_of(const struct symcache *cache, const char *key, enum symcache_kind kind,
	char path[PATH_MAX], struct err *err)
{
	size_t len = strlen(key);

	if (len == 0 || len > SYMCACHE_KEY_MAX ||
		strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") !=
			len)
		return err_set(err, ERR_USAGE, "not a key: %.40s", key);
	if (snprintf(path, PATH_MAX, "%s/%s%s", cache->dir, key, endings[kind]) >= PATH_MAX)
		return err_set(err, ERR_USAGE, "path too long: %.200s…", cache->dir);
	return 0;
}

int symcache_read(struct symcache *cache, const char *key, enum symcache_kind kind, struct buf *ret,
	struct err *err)
{
	char path[PATH_MAX];
	int rc = path_of(cache, key, kind, path, err);

	if (rc < 0)
		return rc;
	if (disk_read(path, SYMCACHE_FILE_MAX, ret, err) < 0)
		return ERR_NOT_FOUND;
	/* Used just now: the last to be dropped. */
	utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW);
	return 0;
}

int symcache_write(struct symcache *cache, const char *key, enum symcache_kind kind,
	struct view bytes, struct err *err)
{
	char path[PATH_MAX];
	int rc = path_of(cache, key, kind, path, err);

	if (rc == 0)
		rc = disk_write(path, bytes, err);
	if (rc == 0)
		atomic_store(&cache->grown, true);
	return rc;
}

int symcache_load(struct symcache *cache, const char *key, struct symtab **ret, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	int rc = symcache_read(cache, key, SYMCACHE_TABLE, &bytes, err);

	if (rc < 0)
		return rc;
	rc = symcache_decode(&bytes, view_of(key), ret, err);
	return rc < 0 && rc != ERR_NOMEM ? ERR_NOT_FOUND : rc;
}

int symcache_store(
	struct symcache *cache, const char *key, const struct symtab *table, struct err *err)
{
	BUF_AUTO bytes = { .max = SYMCACHE_FILE_MAX };

	symcache_encode(table, view_of(key), &bytes);
	if (bytes.failed)
		return err_set(err, ERR_LIMIT, "a table of %zu bytes is too large to keep",
			symtab_bytes(table));
	return symcache_write(cache, key, SYMCACHE_TABLE, buf_view(&bytes), err);
}

struct aged {
	char *name; /* owned */
	uint64_t bytes, used_ns;
};

static int oldest_first(const void *left, const void *right)
{
	const struct aged *a = left, *b = right;

	if (a->used_ns != b->used_ns)
		return a->used_ns < b->used_ns ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Ours, and what a crash of ours left behind (".sym.123.part"). */
static bool is_ours(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strstr(name, endings[i]))
			return true;
	return false;
}

static size_t list_files(DIR *folder, struct aged **ret, uint64_t *ret_bytes)
{
	struct aged *files = NULL, *new;
	size_t n = 0, cap = 0;
	struct dirent *entry;
	struct stat st;

	*ret_bytes = 0;
	while ((entry = readdir(folder))) {
		if (!is_ours(entry->d_name) ||
			fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(st.st_mode))
			continue;
		new = VEC_ADD(files, n, cap);
		if (!new)
			break;
		*new = (struct aged){ .name = strdup(entry->d_name),
			.bytes = (uint64_t)st.st_size,
			.used_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000u +
				   (uint64_t)st.st_mtim.tv_nsec };
		if (!new->name) {
			n--;
			break;
		}
		*ret_bytes += new->bytes;
	}
	*ret = files;
	return n;
}

void symcache_trim(struct symcache *cache)
{
	DIR *folder = atomic_exchange(&cache->grown, false) ? opendir(cache->dir) : NULL;
	struct aged *files;
	uint64_t bytes;
	size_t n;

	if (!folder)
		return;
	n = list_files(folder, &files, &bytes);
	if (bytes > cache->bytes_max)
		qsort(files, n, sizeof(*files), oldest_first);
	for (size_t i = 0; i < n && bytes > cache->bytes_max; i++)
		if (unlinkat(dirfd(folder), files[i].name, 0) == 0)
			bytes -= files[i].bytes;
	for (size_t i = 0; i < n; i++)
		free(files[i].name);
	free(files);
	closedir(folder);
}
