/* folders: whole folders removed, and their names made safe. */
#include "store/folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_MAX_ 16

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	return kind == FTW_DP ? rmdir(path) : unlink(path);
}

int folders_remove(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, errno, "cannot look at %s", path);
	if (nftw(path, remove_one, OPEN_MAX_, FTW_DEPTH | FTW_PHYS) < 0)
		return err_errno(err, errno, "cannot remove %s", path);
	return 0;
}

int folders_sync_parent(const char *path, struct err *err)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int rc = fd >= 0 && fsync(fd) == 0 ? 0 : -1;

	if (rc < 0)
		rc = err_errno(err, copy ? errno : ENOMEM, "cannot sync the folder of %s", path);
	if (fd >= 0)
		close(fd);
	free(copy);
	return rc;
}

bool folders_is_free(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool is_free = true;

	if (!folder)
		return errno == ENOENT;
	while (is_free && (entry = readdir(folder)))
		is_free = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return is_free;
}
