/* folder: a folder for a test, and what is in it removed afterwards. */
#ifndef FOLDER_H
#define FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline int folder_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static inline void folder_remove(const char *path)
{
	nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* `path` has room for 64 bytes. */
static inline void folder_make(char *path)
{
	snprintf(path, 64, "/tmp/flyover-store-XXXXXX");
	assert_non_null(mkdtemp(path));
}

#endif
