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

/* False if the object cannot be told from others. ret_shared: its tables may be kept on disk. */
bool objkey_make(
	const struct object *object, const char *debug_dir, char ret[OBJKEY_MAX], bool *ret_shared);

#endif
