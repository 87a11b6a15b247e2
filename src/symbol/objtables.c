/* objtables: the tables that the names in one object are looked up in. */
#include "symbol/objtables.h"

#include "object/object.h"
#include "symbol/debugfile.h"
#include "symbol/dwarfchild.h"
#include "symbol/elfsyms.h"
#include "symbol/gonames.h"
#include "symbol/symcache.h"

/* Opened only when needed. */
struct object *objtables_debug(struct objtables *tables, const struct object *object,
	const struct objtables_options *options)
{
	if (!tables->debug_known && !dwarfchild_useful(object) &&
		debugfile_open(object, options->debug_dir, &tables->debug, NULL) < 0)
		tables->debug = NULL;
	tables->debug_known = true;
	return tables->debug;
}

/* The object's own table if it has a full one, else what a debug file or the small table inside
 * knows, with what the object exports. */
static int gather(struct elfsyms *symbols, const struct object *debug, const struct object *object,
	struct err *err)
{
	struct object *mini;
	int rc = elfsyms_add(symbols, object, err);

	if (rc == 0 && !symbols->has_symtab && debug)
		rc = elfsyms_add(symbols, debug, err);
	if (rc == 0 && !symbols->has_symtab && debugfile_open_mini(object, &mini, NULL) == 0) {
		rc = elfsyms_add(symbols, mini, err);
		object_unref(mini);
	}
	elfsyms_add_plt(symbols, object);
	return rc;
}

static void build_symbols(struct objtables *tables, const struct object *object,
	const struct objtables_options *options)
{
	struct elfsyms symbols = { 0 };
	struct object *debug = objtables_debug(tables, object, options);

	tables->failed = gather(&symbols, debug, object, NULL) < 0;
	if (symtab_build(&symbols.builder, &tables->symbols, NULL) < 0) {
		tables->symbols = NULL;
		tables->failed = true;
	}
	elfsyms_fini(&symbols);
}

void objtables_load(struct objtables *tables, const struct object *object,
	const struct objtables_options *options)
{
	bool shared;

	tables->loaded = true;
	if (gonames_open(object, &tables->go, NULL) < 0)
		tables->go = NULL;
	if (!options->cache ||
		!objkey_make(object, options->debug_dir, options->by_file, tables->key, &shared) ||
		!shared)
		tables->key[0] = '\0';
	tables->from_cache = tables->key[0] && symcache_load(options->cache, tables->key,
						       &tables->symbols, NULL) == 0;
	if (tables->from_cache)
		return;
	tables->symbols = NULL;
	build_symbols(tables, object, options);
	if (tables->key[0] && !tables->failed)
		symcache_store(options->cache, tables->key, tables->symbols, NULL);
}

void objtables_unload(struct objtables *tables)
{
	symtab_unref(tables->symbols);
	gonames_free(tables->go);
	object_unref(tables->debug);
	*tables = (struct objtables){ 0 };
}

size_t objtables_bytes(const struct objtables *tables)
{
	return (tables->symbols ? symtab_bytes(tables->symbols) : 0) +
	       (tables->go ? gonames_bytes(tables->go) : 0);
}
