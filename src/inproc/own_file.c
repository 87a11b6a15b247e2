/* own_file: a file that this process runs code from: its table, and how to find it again. */
#include "inproc/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object/object.h"
#include "unwind/unwind_table.h"

#define VDSO "[vdso]"
#define VDSO_SIZE_MAX 65536

static uint64_t mtime_of(const struct stat *st)
{
	return (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
}

bool own_file_is(const struct own_file *file, const struct maps_line *line)
{
	if (file->is_vdso)
		return view_equal(line->path, VIEW(VDSO));
	return file->inode == line->inode && file->device == line->device && line->inode != 0 &&
	       view_equal(maps_path(line->path, NULL), view_of(file->path));
}

/* The file of that path, if it has that inode. Overlay file systems report another device to stat
 * than to maps, so the inode decides. */
static int open_path(const char *path, uint64_t inode, struct stat *st, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, errno, "cannot open %s", path);
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_ino == inode)
		return fd;
	close(fd);
	return err_set(err, ERR_NOT_FOUND, "%s is another file now", path);
}

int own_file_open(const struct own_file *file, struct object **ret, struct err *err)
{
	struct stat st;
	int fd;

	if (file->is_vdso) {
		const char *at = (const char *)getauxval(AT_SYSINFO_EHDR);

		if (!at)
			return err_set(err, ERR_NOT_FOUND, "this process has no vdso");
		return object_open_memory((struct view){ at, file->size }, VDSO, ret, err);
	}
	fd = open_path(file->path, file->inode, &st, err);
	if (fd < 0)
		return fd;
	if (file->size && (file->size != (uint64_t)st.st_size || file->mtime_ns != mtime_of(&st))) {
		close(fd);
		return err_set(err, ERR_NOT_FOUND, "%s was written again", file->path);
	}
	return object_open_fd(fd, file->path, ret, err);
}

static void read_identity(struct own_file *file, const struct object *object)
{
	BUF_AUTO hex = { 0 };
	struct stat st;

	if (object_fd(object) >= 0 && fstat(object_fd(object), &st) == 0) {
		file->size = (uint64_t)st.st_size;
		file->mtime_ns = mtime_of(&st);
	}
	object_build_id_hex(object, &hex);
	buf_add_char(&hex, '\0');
	if (!hex.failed)
		file->build_id = strdup(hex.at);
}

static void build_table(
	struct own_file *file, const struct object *object, struct unwind_space *space)
{
	struct unwind_table table;

	if (unwind_table_build(object, &table, NULL) < 0)
		return;
	file->has_table = unwind_space_add(space, &table, &file->place, NULL) == 0;
	unwind_table_fini(&table);
}

int own_file_new(const struct maps_line *line, struct unwind_space *space, struct own_file **ret,
	struct err *err)
{
	struct own_file *file = calloc(1, sizeof(*file));
	struct view path = maps_path(line->path, NULL);
	struct object *object;

	if (!file)
		return err_set(err, ERR_NOMEM, "out of memory");
	file->path = strndup(path.at, path.len);
	file->device = line->device;
	file->inode = line->inode;
	file->is_vdso = view_equal(path, VIEW(VDSO));
	if (file->is_vdso && line->end - line->start <= VDSO_SIZE_MAX)
		file->size = line->end - line->start;
	if (file->path && own_file_open(file, &object, NULL) == 0) {
		read_identity(file, object);
		build_table(file, object, space);
		object_unref(object);
	}
	if (!file->build_id)
		file->build_id = strdup("");
	if (!file->path || !file->build_id) {
		own_file_free(file, space);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	*ret = file;
	return 0;
}

void own_file_free(struct own_file *file, struct unwind_space *space)
{
	if (!file)
		return;
	if (file->has_table)
		unwind_space_remove(space, &file->place);
	free(file->path);
	free(file->build_id);
	free(file);
}
