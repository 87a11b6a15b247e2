/* shelf_use: what is on the shelf is listed, opened and removed. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debuginfo/shelf_impl.h"
#include "object/object.h"

#define SECOND INT64_C(1000000000)
#define SAVED_EVERY (60 * SECOND) /* an access time; sooner the memory alone knows */

static void touch(struct shelf_entry *entry, const char *path)
{
	struct timespec times[2] = { { 0 }, { .tv_nsec = UTIME_OMIT } };

	entry->used_ns = shelf_now_ns();
	entry->was_used = true;
	if (entry->used_ns - entry->saved_ns < SAVED_EVERY)
		return;
	times[0].tv_sec = entry->used_ns / SECOND;
	times[0].tv_nsec = entry->used_ns % SECOND;
	if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0)
		entry->saved_ns = entry->used_ns;
}

/* A file that somebody took away is forgotten. */
static int open_kind(struct shelf *shelf, struct view tenant, struct view build_id,
	enum shelf_kind kind, struct object **ret)
{
	struct shelf_entry *entry;
	char path[PATH_MAX];
	int rc = ERR_NOT_FOUND;

	pthread_mutex_lock(&shelf->lock);
	entry = shelf_entry_find(shelf, tenant, build_id, kind);
	if (entry && shelf_path(shelf, entry, path) == 0) {
		touch(entry, path);
		rc = object_open(path, ret, NULL);
		if (rc == ERR_NOT_FOUND)
			shelf_entry_drop(shelf, entry);
	}
	pthread_mutex_unlock(&shelf->lock);
	return rc;
}

static unsigned worth(const struct object *object)
{
	if (object_section(object, ".debug_info") || object_section(object, ".zdebug_info"))
		return 3;
	return object_section(object, ".symtab") ? 2 : 1;
}

int shelf_object(struct shelf *shelf, struct view tenant, struct view build_id, struct object **ret,
	struct err *err)
{
	struct object *best = NULL;

	for (int kind = 0; kind < SHELF_KINDS; kind++) {
		struct object *object;

		if (open_kind(shelf, tenant, build_id, (enum shelf_kind)kind, &object) < 0)
			continue;
		if (best && worth(best) >= worth(object)) {
			object_unref(object);
		} else {
			object_unref(best);
			best = object;
		}
	}
	*ret = best;
	return best ? 0 : err_set(err, ERR_NOT_FOUND, "no file of that build is here");
}

int shelf_program(struct shelf *shelf, struct view tenant, struct view build_id,
	struct object **ret, struct err *err)
{
	if (open_kind(shelf, tenant, build_id, SHELF_PROGRAM, ret) == 0)
		return 0;
	return err_set(err, ERR_NOT_FOUND, "no program of that build is here");
}

static int by_id(const void *left, const void *right)
{
	const struct shelf_file *a = left, *b = right;
	int order = strcmp(a->build_id, b->build_id);

	return order ? order : (int)a->kind - (int)b->kind;
}

int shelf_list(struct shelf *shelf, const struct shelf_wanted *wanted,
	void (*each)(void *owner, const struct shelf_file *file), void *owner, struct err *err)
{
	struct shelf_file *files;
	size_t n = 0;

	pthread_mutex_lock(&shelf->lock);
	files = calloc(shelf->n + 1, sizeof(*files));
	for (size_t i = 0; files && i < shelf->n; i++) {
		const struct shelf_entry *entry = &shelf->entries[i];

		if (!view_equal(view_of(entry->tenant), wanted->tenant) ||
			(wanted->build_id.len &&
				!view_equal(view_of(entry->build_id), wanted->build_id)))
			continue;
		files[n++] = (struct shelf_file){ entry->build_id, entry->kind, entry->bytes,
			entry->added_s, entry->was_used ? entry->used_ns / SECOND : 0 };
	}
	if (n)
		qsort(files, n, sizeof(*files), by_id);
	for (size_t i = 0; i < n; i++)
		each(owner, &files[i]);
	pthread_mutex_unlock(&shelf->lock);
	free(files);
	return files ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

int shelf_remove(struct shelf *shelf, struct view tenant, struct view build_id, unsigned *ret_n,
	struct err *err)
{
	*ret_n = 0;
	pthread_mutex_lock(&shelf->lock);
	for (int kind = 0; kind < SHELF_KINDS; kind++) {
		struct shelf_entry *entry =
			shelf_entry_find(shelf, tenant, build_id, (enum shelf_kind)kind);

		if (!entry)
			continue;
		shelf_entry_drop(shelf, entry);
		(*ret_n)++;
	}
	pthread_mutex_unlock(&shelf->lock);
	return *ret_n ? 0 : err_set(err, ERR_NOT_FOUND, "no file of that build is here");
}

void shelf_figures(struct shelf *shelf, struct shelf_figures *ret)
{
	pthread_mutex_lock(&shelf->lock);
	*ret = (struct shelf_figures){ shelf->n, shelf->bytes, shelf->bytes_max,
		shelf->coming_bytes, shelf->evicted };
	pthread_mutex_unlock(&shelf->lock);
}
