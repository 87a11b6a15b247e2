/* objkey: what an object's tables are called in the cache. */
#include "symbol/objkey.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/hash.h"
#include "object/object.h"
#include "symbol/debugfile.h"

/* Size, owner and age of a file, mixed into a key: another file with the same build id (one was
 * stripped; somebody lies) must not share its table. */
static uint64_t mix_stat(uint64_t key, const struct stat *st, bool with_identity)
{
	key = hash_pair(hash_pair(key, (uint64_t)st->st_size), st->st_uid);
	if (with_identity) {
		key = hash_pair(hash_pair(key, st->st_dev), st->st_ino);
		key = hash_pair(hash_pair(key, (uint64_t)st->st_mtim.tv_sec),
			(uint64_t)st->st_mtim.tv_nsec);
	}
	return key;
}

bool objkey_make(const struct object *object, const char *debug_dir, bool by_file,
	char ret[OBJKEY_MAX], bool *ret_shared)
{
	BUF_AUTO hex = { 0 };
	BUF_AUTO debug = { 0 };
	uint64_t key = object_size(object);
	struct stat st;

	object_build_id_hex(object, &hex);
	if (object_fd(object) >= 0) {
		if (fstat(object_fd(object), &st) < 0)
			return false;
		key = mix_stat(key, &st, by_file || hex.len == 0);
	} else if (hex.len == 0) {
		return false;
	}
	if (debugfile_find(object, debug_dir, &debug)) {
		buf_add_char(&debug, '\0');
		if (!debug.failed && stat(debug.at, &st) == 0)
			key = mix_stat(key, &st, true);
	}
	snprintf(ret, OBJKEY_MAX, "%.*s-%016llx", (int)hex.len, hex.len ? hex.at : "",
		(unsigned long long)key);
	*ret_shared = hex.len > 0;
	return !hex.failed;
}
