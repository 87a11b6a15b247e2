/* push_spool: profiles that wait on disk while the server is away. */
#include "inproc/push_spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/vec.h"
#include "inproc/push_item.h"

#define SUFFIX ".fly"
#define FILES_MAX 100000
#define PATH_SIZE (sizeof(((struct push_spool *)0)->folder) + PUSH_SPOOL_NAME_MAX)

struct file {
	char name[PUSH_SPOOL_NAME_MAX];
	uint64_t bytes;
};

struct listing {
	struct file *files; /* owned */
	size_t n, cap;
	uint64_t bytes;
};

static void path_of(const struct push_spool *spool, const char *name, char into[PATH_SIZE])
{
	snprintf(into, PATH_SIZE, "%s/%s", spool->folder, name);
}

/* When the process started, from /proc; 0 if it is gone. Its name may hold anything but ends with
 * the last ')'. */
static unsigned long long start_of(int pid)
{
	BUF_AUTO text = { 0 };
	char path[32], *at;
	unsigned long long start = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (disk_read(path, 4096, &text, NULL) < 0)
		return 0;
	buf_add_char(&text, '\0');
	at = text.failed ? NULL : strrchr(text.at, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (at)
		start = strtoull(at, NULL, 10);
	return start;
}

static unsigned long long namespace_of_pids(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 ? (unsigned long long)st.st_ino : 0;
}

int push_spool_open(
	struct push_spool *spool, const char *folder, uint64_t bytes_max, struct err *err)
{
	struct stat st;

	*spool = (struct push_spool){ .bytes_max = bytes_max ? bytes_max : PUSH_SPOOL_BYTES };
	if (strlen(folder) >= sizeof(spool->folder))
		return err_set(err, ERR_LIMIT,
			"the spool's folder has a name of more than %zu bytes",
			sizeof(spool->folder) - 1);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make the spool's folder %s", folder);
	if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode) || access(folder, W_OK | X_OK) < 0)
		return err_set(
			err, ERR_DENIED, "the spool %s is no folder we can write to", folder);
	snprintf(spool->folder, sizeof(spool->folder), "%s", folder);
	snprintf(spool->owner, sizeof(spool->owner), "%llu.%d.%llu", namespace_of_pids(),
		(int)getpid(), start_of(getpid()));
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static bool is_ours(const char *name)
{
	size_t len = strlen(name);

	return len > 20 + sizeof(SUFFIX) && len < PUSH_SPOOL_NAME_MAX && name[20] == '-' &&
	       strspn(name, "0123456789") == 20 && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

/* All profiles in the folder, the oldest first. */
static void list(const struct push_spool *spool, struct listing *ret)
{
	DIR *dir = opendir(spool->folder);
	struct dirent *entry;
	char path[PATH_SIZE];
	struct stat st;

	*ret = (struct listing){ 0 };
	while (dir && ret->n < FILES_MAX && (entry = readdir(dir))) {
		if (!is_ours(entry->d_name) || !VEC_FITS(ret->files, ret->cap, ret->n + 1))
			continue;
		path_of(spool, entry->d_name, path);
		if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		snprintf(ret->files[ret->n].name, PUSH_SPOOL_NAME_MAX, "%s", entry->d_name);
		ret->files[ret->n++].bytes = (uint64_t)st.st_size;
		ret->bytes += (uint64_t)st.st_size;
	}
	if (dir)
		closedir(dir);
	if (ret->n)
		qsort(ret->files, ret->n, sizeof(*ret->files), compare);
}

static void make_room(struct push_spool *spool, uint64_t bytes)
{
	struct listing all;
	char path[PATH_SIZE];

	list(spool, &all);
	for (size_t i = 0; i < all.n && all.bytes + bytes > spool->bytes_max; i++) {
		path_of(spool, all.files[i].name, path);
		if (unlink(path) == 0)
			spool->dropped++;
		all.bytes -= all.files[i].bytes;
		spool->n_names = spool->next = 0; /* one of them may have been it */
	}
	free(all.files);
}

int push_spool_put(struct push_spool *spool, const struct push_item *item, struct err *err)
{
	char name[PUSH_SPOOL_NAME_MAX], path[PATH_SIZE];
	BUF_AUTO bytes = { 0 };

	push_item_encode(item, &bytes);
	if (bytes.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (bytes.len > spool->bytes_max)
		return err_set(err, ERR_LIMIT, "a profile of %zu bytes is larger than the spool",
			bytes.len);
	make_room(spool, bytes.len);
	snprintf(name, sizeof(name), "%020llu-%s-%s" SUFFIX, (unsigned long long)item->from_ns,
		item->id, spool->owner);
	path_of(spool, name, path);
	return disk_write(path, buf_view(&bytes), err);
}

/* Whether the file is this process's, or was one's that is gone: then it becomes ours, if no other
 * is quicker. The name is changed accordingly. */
static bool claim(struct push_spool *spool, char name[PUSH_SPOOL_NAME_MAX])
{
	char *owner = name + 20 + PUSH_ITEM_ID_SIZE + 1;
	unsigned long long names, start;
	char from[PATH_SIZE], to[PATH_SIZE], mine[PUSH_SPOOL_NAME_MAX];
	int pid;

	if (strlen(name) <= 20 + PUSH_ITEM_ID_SIZE + 1 ||
		sscanf(owner, "%llu.%d.%llu", &names, &pid, &start) != 3)
		return false;
	if (strncmp(owner, spool->owner, strlen(spool->owner)) == 0)
		return true;
	if (names != namespace_of_pids() || start_of(pid) == start)
		return false;
	snprintf(mine, sizeof(mine), "%.*s%s" SUFFIX, (int)(owner - name), name, spool->owner);
	path_of(spool, name, from);
	path_of(spool, mine, to);
	if (rename(from, to) < 0)
		return false;
	snprintf(name, PUSH_SPOOL_NAME_MAX, "%s", mine);
	return true;
}

static void look_again(struct push_spool *spool)
{
	struct listing all;

	spool->n_names = spool->next = 0;
	list(spool, &all);
	for (size_t i = 0; i < all.n && spool->n_names < PUSH_SPOOL_BATCH; i++)
		if (claim(spool, all.files[i].name))
			memcpy(spool->names[spool->n_names++], all.files[i].name,
				PUSH_SPOOL_NAME_MAX);
	free(all.files);
}

static void set_aside(struct push_spool *spool, const char *path)
{
	char bad[PATH_SIZE + 4];

	snprintf(bad, sizeof(bad), "%s.bad", path);
	if (rename(path, bad) < 0)
		unlink(path);
	spool->bad++;
}

struct push_item *push_spool_first(struct push_spool *spool)
{
	struct push_item *item = NULL;
	char path[PATH_SIZE];
	int rc;

	if (!spool->folder[0])
		return NULL;
	for (;;) {
		BUF_AUTO bytes = { 0 };

		if (spool->next == spool->n_names)
			look_again(spool);
		if (spool->next == spool->n_names)
			return NULL;
		path_of(spool, spool->names[spool->next], path);
		rc = disk_read(path, PUSH_ITEM_MAX + sizeof(*item), &bytes, NULL);
		if (rc == 0)
			rc = push_item_decode(buf_view(&bytes), &item, NULL);
		if (rc == 0)
			return item;
		if (rc == ERR_NOMEM)
			return NULL;
		if (rc == ERR_CORRUPT || rc == ERR_LIMIT)
			set_aside(spool, path);
		spool->next++;
	}
}

void push_spool_done(struct push_spool *spool)
{
	char path[PATH_SIZE];

	if (spool->next == spool->n_names)
		return;
	path_of(spool, spool->names[spool->next++], path);
	unlink(path);
}
