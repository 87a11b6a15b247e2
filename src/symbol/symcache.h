/*
 * symcache: function tables, lines and types on disk, so that a build is read once.
 *
 * One file a table, named by its key, in a folder of mode 0700. All are bounded together: when too
 * much is there, the oldest go. A file that is cut short, changed, or of another version is a miss,
 * and is written again. Layout: docs/formats/symbol-cache.md.
 */
#ifndef SYMBOL_SYMCACHE_H
#define SYMBOL_SYMCACHE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"
#include "symbol/symtab.h"

#define SYMCACHE_BYTES_MAX ((uint64_t)512 << 20)
#define SYMCACHE_FILE_MAX ((size_t)384 << 20)
#define SYMCACHE_KEY_MAX 200

struct symcache;

/* What a file holds: a function table, answers of DWARF (symbol/linecache), or the kernel's types
 * (sampler/kernel_types). */
enum symcache_kind { SYMCACHE_TABLE, SYMCACHE_LINES, SYMCACHE_TYPES };

/* dir: NULL = $XDG_CACHE_HOME/flyover or ~/.cache/flyover. The folder is made if it is not there;
 * the last part must be a folder of ours, or this is ERR_DENIED. bytes_max: 0 = SYMCACHE_BYTES_MAX.
 */
int symcache_open(const char *dir, uint64_t bytes_max, struct symcache **ret, struct err *err);
void symcache_free(struct symcache *cache);

/* key: letters, digits, '-' and '_' only. *ret is owned; ERR_NOT_FOUND for a miss of any kind. */
int symcache_load(struct symcache *cache, const char *key, struct symtab **ret, struct err *err);
int symcache_store(
	struct symcache *cache, const char *key, const struct symtab *table, struct err *err);

/* The bytes of a file as they are, which the caller checks. Appends to *ret; ERR_NOT_FOUND for a
 * miss. */
int symcache_read(struct symcache *cache, const char *key, enum symcache_kind kind, struct buf *ret,
	struct err *err);
int symcache_write(struct symcache *cache, const char *key, enum symcache_kind kind,
	struct view bytes, struct err *err);

/* Removes the oldest files until the rest fits, if any was stored since. Call it once after
 * storing. */
void symcache_trim(struct symcache *cache);

/* The format, for those who have the bytes. Decoding takes them over if it succeeds. */
void symcache_encode(const struct symtab *table, struct view key, struct buf *out);
int symcache_decode(struct buf *bytes, struct view key, struct symtab **ret, struct err *err);

#endif
