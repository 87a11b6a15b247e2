/* folders: whole folders removed, and their names made safe. */
#ifndef STORE_FOLDERS_H
#define STORE_FOLDERS_H

#include <stdbool.h>

#include "base/err.h"

/* With all that is in it; links are not followed. 0 if it is not there. */
int folders_remove(const char *path, struct err *err);

/* A name in the folder above is on disk. */
int folders_sync_parent(const char *path, struct err *err);

/* True if there is nothing by this name, or an empty folder. */
bool folders_is_free(const char *path);

#endif
