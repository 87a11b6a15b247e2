/* symbol: from addresses to frames. */
#include "symbol/symbol.h"

#include <sched.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/vec.h"
#include "model/profile.h"
#include "symbol/batch.h"
#include "symbol/debugfile.h"
#include "symbol/dwarfchild.h"
#include "symbol/kallsyms.h"
#include "symbol/kernelname.h"
#include "symbol/known.h"
#include "symbol/naming.h"
#include "symbol/perfmap.h"
#include "symbol/symcache.h"

#define MEMORY_MAX ((size_t)64 << 20)
#define NO_GROUP SIZE_MAX
#define DWARF_ROUNDS 3 /* a profile may take so many times what one object may */

struct symbolizer {
	char *debug_dir; /* owned */
	unsigned threads;
	struct objnames_options options;
	struct symcache *cache; /* owned; NULL if there is none */
	struct known known;
	struct kallsyms *kernel; /* owned; NULL until needed */
	enum symbol_unknown unknown;
};

static unsigned cpus(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n > 0 ? (unsigned)n : 1;
}

int symbolizer_new(
	const struct symbolizer_options *options, struct symbolizer **ret, struct err *err)
{
	const struct symbolizer_options none = { 0 };
	const struct symbolizer_options *o = options ? options : &none;
	struct symbolizer *s = calloc(1, sizeof(*s));

	if (s)
		s->debug_dir = strdup(o->debug_dir ? o->debug_dir : DEBUGFILE_DIR);
	if (!s || !s->debug_dir) {
		free(s);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	if (!o->cache_dir || o->cache_dir[0])
		if (symcache_open(o->cache_dir, o->cache_max, &s->cache, NULL) < 0)
			s->cache = NULL;
	s->threads = o->threads ? o->threads : cpus();
	s->options = (struct objnames_options){ .tables = { s->cache, s->debug_dir, o->by_file },
		.dwarf_timeout_ms =
			o->dwarf_timeout_ms ? o->dwarf_timeout_ms : DWARFCHILD_TIMEOUT_MS,
		.no_lines = o->no_lines,
		.no_demangle = o->no_demangle };
	s->known.bytes_max = o->memory_max ? o->memory_max : MEMORY_MAX;
	s->unknown = o->unknown;
	*ret = s;
	return 0;
}

void symbolizer_free(struct symbolizer *s)
{
	if (!s)
		return;
	known_fini(&s->known);
	kallsyms_free(s->kernel);
	symcache_free(s->cache);
	free(s->debug_dir);
	free(s);
}

/* One call of symbol_resolve. */
struct resolve {
	struct symbolizer *s;
	struct profile *profile;
	const struct symbol_source *sources;
	struct symbol_stats *stats;
	size_t n_mappings;      /* that have a source */
	size_t *group_of;       /* owned; mapping -> group, NO_GROUP if it is no object */
	uint32_t **function_of; /* owned; a group's frame -> function in the profile, plus one */
	struct batch batch;
	struct map group_of_object; /* object, known -> group + 1 */
};

static int find_group(struct resolve *r, const struct object *object, size_t *ret)
{
	uint64_t *by_object = map_add(&r->group_of_object, (uintptr_t)object, NULL);
	struct known_build *known;
	uint64_t *by_known;
	bool is_new;

	if (!by_object)
		return ERR_NOMEM;
	if (*by_object) {
		*ret = *by_object - 1;
		return 0;
	}
	known = known_of(&r->s->known, object, &r->s->options.tables, &is_new);
	if (!known)
		return ERR_NOMEM;
	by_known = map_add(&r->group_of_object, (uintptr_t)known, NULL);
	if (!by_known)
		return ERR_NOMEM;
	if (is_new) {
		*ret = batch_add_group(&r->batch, object, &known->names);
		if (*ret == PTRDIFF_MAX)
			return ERR_NOMEM;
		*by_known = *ret + 1;
		r->stats->objects++;
		r->stats->objects_cached += known->names.recalled;
		known->names.was_cached = false; /* counted once */
	}
	*ret = *by_known - 1;
	/* The map may have grown. */
	by_object = map_add(&r->group_of_object, (uintptr_t)object, NULL);
	*by_object = *ret + 1;
	return 0;
}

static bool wants_name(const struct resolve *r, uint32_t location, enum symbol_kind *ret_kind)
{
	const struct location *at = &r->profile->locations[location];

	*ret_kind = at->mapping < r->n_mappings ? r->sources[at->mapping].kind : SYMBOL_NONE;
	return at->n_lines == 0;
}

static int collect(struct resolve *r)
{
	enum symbol_kind kind;

	for (size_t i = 0; i < r->n_mappings; i++)
		r->group_of[i] = NO_GROUP;
	for (uint32_t i = 0; i < r->profile->n_locations; i++) {
		const struct location *at = &r->profile->locations[i];
		int rc = 0;

		if (!wants_name(r, i, &kind) || kind != SYMBOL_OBJECT ||
			!r->sources[at->mapping].object)
			continue;
		if (r->group_of[at->mapping] == NO_GROUP)
			rc = find_group(
				r, r->sources[at->mapping].object, &r->group_of[at->mapping]);
		if (rc == 0)
			rc = batch_add(&r->batch, r->group_of[at->mapping], at->address);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int run(struct resolve *r)
{
	int rc = batch_run(&r->batch, r->s->threads, &r->s->options);

	r->function_of = calloc(r->batch.n + 1, sizeof(*r->function_of));
	if (!r->function_of)
		return ERR_NOMEM;
	for (size_t i = 0; rc == 0 && i < r->batch.n; i++) {
		const struct objnames *names = r->batch.groups[i].names;

		r->stats->objects_cached += names->was_cached;
		r->stats->objects_failed += names->tables.failed;
		r->stats->dwarf_failed += names->dwarf_failed;
		r->function_of[i] = calloc(names->n_frames + 1, sizeof(**r->function_of));
		if (!r->function_of[i])
			rc = ERR_NOMEM;
	}
	return rc;
}

static bool finds_all(const struct resolve *r, const struct kallsyms *kernel)
{
	enum symbol_kind kind;
	struct kallsyms_hit hit;

	for (uint32_t i = 0; i < r->profile->n_locations; i++)
		if (wants_name(r, i, &kind) && kind == SYMBOL_KERNEL &&
			!kallsyms_find(kernel, r->profile->locations[i].address, &hit))
			return false;
	return true;
}

/* Modules come and go, so the list is read anew for every profile with kernel frames; from the
 * cache if that knows them all. */
static const struct kallsyms *load_kernel(struct resolve *r)
{
	struct kallsyms *fresh = NULL;

	if (r->s->cache && kallsyms_recall(r->s->cache, &fresh, NULL) == 0 &&
		!finds_all(r, fresh)) {
		kallsyms_free(fresh);
		fresh = NULL;
	}
	if (!fresh && kallsyms_load(&fresh, NULL) < 0)
		fresh = NULL;
	if (fresh && r->s->cache)
		kallsyms_keep(fresh, r->s->cache);
	if (fresh) {
		kallsyms_free(r->s->kernel);
		r->s->kernel = fresh;
	}
	r->stats->kernel_hidden = !r->s->kernel || kallsyms_restricted(r->s->kernel);
	return r->s->kernel;
}

static int refresh_perfmaps(struct resolve *r, struct err *err)
{
	MAP_AUTO seen = { 0 };
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < r->n_mappings; i++) {
		struct perfmap *perfmap = r->sources[i].perfmap;
		bool is_new;

		if (r->sources[i].kind != SYMBOL_JIT || !perfmap ||
			!map_add(&seen, (uintptr_t)perfmap, &is_new) || !is_new)
			continue;
		rc = perfmap_refresh(perfmap, err);
		r->stats->perfmaps_refused += perfmap_refusal(perfmap) != NULL;
	}
	return rc;
}

static void name_all(struct resolve *r)
{
	struct naming naming = {
		.profile = r->profile, .stats = r->stats, .unknown = r->s->unknown
	};
	const struct kallsyms *kernel = NULL;
	bool kernel_loaded = false;
	enum symbol_kind kind;

	for (uint32_t i = 0; i < r->profile->n_locations; i++) {
		uint32_t mapping = r->profile->locations[i].mapping;
		size_t group = mapping < r->n_mappings ? r->group_of[mapping] : NO_GROUP;

		if (!wants_name(r, i, &kind))
			continue;
		r->stats->locations++;
		if (kind == SYMBOL_KERNEL && !kernel_loaded) {
			kernel = load_kernel(r);
			kernel_loaded = true;
		}
		if (kind == SYMBOL_KERNEL)
			r->stats->named += kernelname_give(r->profile, i, kernel);
		else if (kind == SYMBOL_JIT)
			naming_jit(&naming, i, r->sources[mapping].perfmap);
		else if (group != NO_GROUP)
			naming_object(
				&naming, i, r->batch.groups[group].names, r->function_of[group]);
		else
			naming_unknown(&naming, i);
	}
	for (uint32_t i = 1; i < r->n_mappings; i++)
		if (r->sources[i].kind == SYMBOL_KERNEL)
			kernelname_hide(r->profile, i);
}

static void resolve_fini(struct resolve *r)
{
	for (size_t i = 0; r->function_of && i < r->batch.n; i++)
		free(r->function_of[i]);
	free(r->function_of);
	free(r->group_of);
	batch_fini(&r->batch);
	map_fini(&r->group_of_object);
}

int symbol_resolve(struct symbolizer *symbolizer, struct profile *profile,
	const struct symbol_source *sources, struct symbol_stats *ret_stats, struct err *err)
{
	struct symbol_stats ignored;
	struct resolve r = { .s = symbolizer,
		.profile = profile,
		.sources = sources,
		.stats = ret_stats ? ret_stats : &ignored,
		.n_mappings = profile->n_mappings };
	int rc;

	*r.stats = (struct symbol_stats){ 0 };
	symbolizer->known.round++;
	symbolizer->options.deadline_ns =
		clock_monotonic_ns() +
		DWARF_ROUNDS * symbolizer->options.dwarf_timeout_ms * 1000000ull;
	r.group_of = calloc(r.n_mappings, sizeof(*r.group_of));
	rc = r.group_of ? collect(&r) : ERR_NOMEM;
	if (rc == 0)
		rc = run(&r);
	if (rc == 0)
		rc = refresh_perfmaps(&r, err);
	if (rc == 0) {
		name_all(&r);
		rc = profile->failed ? ERR_NOMEM : 0;
	}
	resolve_fini(&r);
	known_trim(&symbolizer->known);
	if (symbolizer->cache)
		symcache_trim(symbolizer->cache);
	return rc < 0 ? err_set(err, rc, "out of memory while naming functions") : 0;
}
