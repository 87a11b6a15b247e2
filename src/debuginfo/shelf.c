/* shelf: debug files on disk, by tenant and build id, within a budget. */
#include "debuginfo/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/vec.h"
#include "debuginfo/shelf_impl.h"
#include "object/object.h"

#define TENANT_FRONT "t-"
#define PART_END ".part"
#define SECOND INT64_C(1000000000)

const char *const shelf_kind_names[SHELF_KINDS] = { "debug", "program" };

int64_t shelf_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

int shelf_folder_path(const struct shelf *shelf, struct view tenant, char ret[PATH_MAX])
{
	int len = snprintf(ret, PATH_MAX, "%s/" TENANT_FRONT "%.*s", shelf->folder, (int)tenant.len,
		tenant.at ? tenant.at : "");

	return len < PATH_MAX ? 0 : ERR_USAGE;
}

int shelf_path(const struct shelf *shelf, const struct shelf_entry *entry, char ret[PATH_MAX])
{
	int len = snprintf(ret, PATH_MAX, "%s/" TENANT_FRONT "%s/%s.%s", shelf->folder,
		entry->tenant, entry->build_id, shelf_kind_names[entry->kind]);

	return len < PATH_MAX ? 0 : ERR_USAGE;
}

/* ---- entries ---- */

static uint64_t key_of(struct view tenant, struct view build_id)
{
	return hash_keyed_pair(hash_keyed_view(tenant), hash_keyed_view(build_id));
}

struct shelf_entry *shelf_entry_find(
	struct shelf *shelf, struct view tenant, struct view build_id, enum shelf_kind kind)
{
	uint64_t key = key_of(tenant, build_id);

	for (size_t i = 0; i < shelf->n; i++) {
		struct shelf_entry *entry = &shelf->entries[i];

		if (entry->key == key && entry->kind == kind &&
			view_equal(view_of(entry->tenant), tenant) &&
			view_equal(view_of(entry->build_id), build_id))
			return entry;
	}
	return NULL;
}

static void forget(struct shelf *shelf, struct shelf_entry *entry)
{
	shelf->bytes -= entry->bytes;
	free(entry->tenant);
	*entry = shelf->entries[--shelf->n];
}

static void copy_text(char *into, struct view text)
{
	if (text.len)
		memcpy(into, text.at, text.len);
	into[text.len] = '\0';
}

int shelf_entry_add(struct shelf *shelf, struct view tenant, struct view build_id,
	const struct shelf_entry *like, struct err *err)
{
	struct shelf_entry *old = shelf_entry_find(shelf, tenant, build_id, like->kind), *new;
	char *texts = malloc(tenant.len + build_id.len + 2);

	if (old)
		forget(shelf, old);
	new = texts ? VEC_ADD(shelf->entries, shelf->n, shelf->cap) : NULL;
	if (!new) {
		free(texts);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*new = *like;
	new->key = key_of(tenant, build_id);
	new->tenant = texts;
	new->build_id = texts + tenant.len + 1;
	copy_text(new->tenant, tenant);
	copy_text(new->build_id, build_id);
	shelf->bytes += new->bytes;
	return 0;
}

void shelf_entry_drop(struct shelf *shelf, struct shelf_entry *entry)
{
	char path[PATH_MAX];

	if (shelf_path(shelf, entry, path) == 0)
		unlink(path);
	forget(shelf, entry);
}

int shelf_make_room(struct shelf *shelf, uint64_t bytes, struct err *err)
{
	while (shelf->bytes + shelf->coming_bytes + bytes > shelf->bytes_max && shelf->n) {
		size_t oldest = 0;

		for (size_t i = 1; i < shelf->n; i++)
			if (shelf->entries[i].used_ns < shelf->entries[oldest].used_ns)
				oldest = i;
		shelf_entry_drop(shelf, &shelf->entries[oldest]);
		shelf->evicted++;
	}
	if (shelf->bytes + shelf->coming_bytes + bytes <= shelf->bytes_max)
		return 0;
	return err_set(err, ERR_LIMIT,
		"debug files may take %llu bytes in all, the limit that debuginfo.bytes sets, and "
		"others are on their way: try again later",
		(unsigned long long)shelf->bytes_max);
}

/* ---- what is there at the start ---- */

/* "BUILD_ID.KIND"; what is on its way belongs to a server that is gone. */
static bool read_name(const char *name, struct view *ret_id, enum shelf_kind *ret_kind)
{
	const char *dot = strchr(name, '.');

	*ret_id = dot ? view_between(name, dot) : (struct view){ 0 };
	for (int kind = 0; dot && kind < SHELF_KINDS; kind++)
		if (strcmp(dot + 1, shelf_kind_names[kind]) == 0) {
			*ret_kind = (enum shelf_kind)kind;
			return debugelf_is_id(*ret_id);
		}
	return false;
}

static int read_file(
	struct shelf *shelf, int folder, const char *tenant, const char *name, struct err *err)
{
	struct shelf_entry like = { 0 };
	struct view build_id;
	struct stat st;

	if (view_ends(view_of(name), VIEW(PART_END))) {
		unlinkat(folder, name, 0);
		return 0;
	}
	if (!read_name(name, &build_id, &like.kind) ||
		fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return 0;
	like.bytes = (uint64_t)st.st_size;
	like.added_s = st.st_mtim.tv_sec;
	like.used_ns = like.saved_ns = st.st_atim.tv_sec * SECOND + st.st_atim.tv_nsec;
	like.was_used = like.used_ns > st.st_mtim.tv_sec * SECOND + st.st_mtim.tv_nsec;
	return shelf_entry_add(shelf, view_of(tenant), build_id, &like, err);
}

static int read_tenant(struct shelf *shelf, int parent, const char *name, struct err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), rc = 0;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *file;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (rc == 0 && (file = readdir(folder)))
		rc = read_file(shelf, fd, name + strlen(TENANT_FRONT), file->d_name, err);
	closedir(folder);
	return rc;
}

static int read_all(struct shelf *shelf, struct err *err)
{
	DIR *folder = opendir(shelf->folder);
	struct dirent *tenant;
	int rc = 0;

	if (!folder)
		return err_errno(err, errno, "cannot read %s", shelf->folder);
	while (rc == 0 && (tenant = readdir(folder)))
		if (view_starts(view_of(tenant->d_name), VIEW(TENANT_FRONT)))
			rc = read_tenant(shelf, dirfd(folder), tenant->d_name, err);
	closedir(folder);
	return rc;
}

int shelf_open(const struct shelf_options *options, struct shelf **ret, struct err *err)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	int rc;

	*ret = NULL;
	if (shelf)
		shelf->folder = strdup(options->folder);
	if (!shelf || !shelf->folder) {
		free(shelf);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	shelf->bytes_max = options->bytes_max ? options->bytes_max : SHELF_BYTES_DEFAULT;
	shelf->file_max = options->file_max ? options->file_max : SHELF_FILE_BYTES_DEFAULT;
	pthread_mutex_init(&shelf->lock, NULL);
	pthread_mutex_init(&shelf->writing, NULL);
	rc = mkdir(shelf->folder, 0700) < 0 && errno != EEXIST
		     ? err_errno(err, errno, "cannot create %s", shelf->folder)
		     : read_all(shelf, err);
	if (rc == 0)
		shelf_make_room(shelf, 0, NULL);
	if (rc < 0)
		shelf_close(shelf);
	else
		*ret = shelf;
	return rc;
}

void shelf_close(struct shelf *shelf)
{
	if (!shelf)
		return;
	for (size_t i = 0; i < shelf->n; i++)
		free(shelf->entries[i].tenant);
	for (size_t i = 0; i < shelf->n_coming; i++)
		free(shelf->coming[i].path);
	free(shelf->entries);
	pthread_mutex_destroy(&shelf->lock);
	pthread_mutex_destroy(&shelf->writing);
	free(shelf->folder);
	free(shelf);
}
