/*
 * objtables: the tables that the names in one object are looked up in: its symbols, and Go's own.
 *
 * Symbols are in the cache once an object was met, so that unloading them costs little.
 */
#ifndef SYMBOL_OBJTABLES_H
#define SYMBOL_OBJTABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "symbol/objkey.h"

struct gonames;
struct object;
struct symcache;
struct symtab;

struct objtables {
	struct symtab *symbols; /* shared; NULL if there are none */
	struct gonames *go;     /* owned; NULL if it is no Go program */
	struct object *debug; /* owned; the debug file, if lines are there and not in the object */
	bool loaded;          /* the first two are there if they exist … */
	bool failed;          /* … or the object could not be read */
	bool debug_known;     /* the debug file was looked for */
	bool from_cache;      /* the symbols */
	char key[OBJKEY_MAX]; /* in the cache; "" = not there */
};

struct objtables_options {
	struct symcache *cache; /* borrowed; NULL = none */
	const char *debug_dir;
	bool by_file; /* see objkey.h */
};

void objtables_load(struct objtables *tables, const struct object *object,
	const struct objtables_options *options);
void objtables_unload(struct objtables *tables);
size_t objtables_bytes(const struct objtables *tables); /* of memory */

/* NULL if there is none, or none is needed. */
struct object *objtables_debug(struct objtables *tables, const struct object *object,
	const struct objtables_options *options);

#endif
