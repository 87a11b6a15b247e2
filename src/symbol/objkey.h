/*
 * objkey: what an object's tables are called in the cache.
 *
 * Equal for the same build with the same debug file: the build id, then a hash of the size, owner
 * and age of the files, because another file may have the same build id (one was stripped; somebody
 * lies).
 */
#ifndef SYMBOL_OBJKEY_H
#define SYMBOL_OBJKEY_H

#include <stdbool.h>

#define OBJKEY_MAX 200

struct object;

/* False if the object cannot be told from others. ret_shared: its tables may be kept on disk.
 * by_file: strangers brought the files, so that only the very same file is the same. */
bool objkey_make(const struct object *object, const char *debug_dir, bool by_file,
	char ret[OBJKEY_MAX], bool *ret_shared);

#endif
