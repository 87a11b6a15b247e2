/* module_file: reaches the file behind a mapping. */
#include "sampler/module_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object/object.h"
#include "proc/maps.h"
#include "proc/procfs.h"
#include "sampler/module.h"

/* Opens `path` if it is the file that was mapped. Overlay file systems report another device to
 * stat than to maps, so the inode decides. */
static int open_if_same(const char *path, const struct module *module)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == module->inode)
		return fd;
	close(fd);
	return -1;
}

static int open_file(const struct module *module)
{
	const struct module_job *job = &module->job;
	struct view plain = maps_path(view_of(module->path), NULL);
	char path[PATH_MAX + 64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", (int)job->pid,
		(unsigned long long)job->start, (unsigned long long)job->end);
	fd = open_if_same(path, module);
	if (fd < 0) {
		snprintf(path, sizeof(path), "/proc/%d/root%.*s", (int)job->pid, (int)plain.len,
			plain.at);
		fd = open_if_same(path, module);
	}
	if (fd < 0) {
		snprintf(path, sizeof(path), "%.*s", (int)plain.len, plain.at);
		fd = open_if_same(path, module);
	}
	return fd;
}

/* The kernel's vdso is the same in every process: ours will do. */
static int open_vdso(struct object **ret, struct err *err)
{
	uint64_t at = getauxval(AT_SYSINFO_EHDR);
	BUF_AUTO text = { 0 };
	struct maps_line line;
	struct view rest;
	int rc = procfs_read_maps(getpid(), &text, err);

	if (rc < 0)
		return rc;
	for (rest = buf_view(&text); maps_next(&rest, &line);) {
		struct view image = { (const char *)(uintptr_t)at, line.end - line.start };

		if (line.start == at)
			return object_open_memory(image, "[vdso]", ret, err);
	}
	return err_set(err, ERR_NOT_FOUND, "this process has no vdso");
}

int module_file_open(const struct module *module, struct object **ret)
{
	int fd;

	if (module->is_vdso)
		return open_vdso(ret, NULL);
	fd = open_file(module);
	if (fd < 0)
		return ERR_NOT_FOUND;
	return object_open_fd(fd, module->path, ret, NULL);
}

static bool stat_if_same(const char *path, uint64_t inode, struct module_file_stamp *ret)
{
	struct stat st;

	if (stat(path, &st) < 0 || st.st_ino != inode)
		return false;
	ret->known = true;
	ret->size = (uint64_t)st.st_size;
	ret->mtime_ns = (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
	return true;
}

struct module_file_stamp module_file_look(pid_t pid, const struct process_mapping *mapping)
{
	struct view plain = maps_path(view_of(mapping->path), NULL);
	struct module_file_stamp stamp = { 0 };
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "/proc/%d/root%.*s", (int)pid, (int)plain.len, plain.at);
	if (stat_if_same(path, mapping->inode, &stamp))
		return stamp;
	snprintf(path, sizeof(path), "%.*s", (int)plain.len, plain.at);
	stat_if_same(path, mapping->inode, &stamp);
	return stamp;
}
