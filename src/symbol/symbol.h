/*
 * symbol: from addresses to frames.
 *
 * Gives every address-only location of a profile its lines: the function at the address,
 * and the inlined ones inside it, with file and line where the object says. Objects are read in
 * parallel, once for each build id, and remembered in memory and on disk. An address that has no
 * name gets "module+0xoffset"; no location stays without a line, unless it is wanted so.
 *
 * Addresses are looked up as they are: the location of a caller must hold an address inside its
 * call instruction (the return address less one), as pprof has it. Locations of a kernel mapping
 * hold the kernel's raw addresses and get relative ones, in a mapping each for the kernel and its
 * modules: where the kernel was loaded does not leave the machine.
 */
#ifndef SYMBOL_SYMBOL_H
#define SYMBOL_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct object;
struct perfmap;
struct profile;
struct symbolizer;

/* What becomes of an address that has no name. */
enum symbol_unknown {
	SYMBOL_UNKNOWN_NAMED,    /* "module+0xoffset" */
	SYMBOL_UNKNOWN_IN_BUILD, /* the same, unless its file has a build id: then it stays as it
				    came */
	SYMBOL_UNKNOWN_LEFT      /* it stays as it came, without a line */
};

struct symbolizer_options {
	const char *cache_dir; /* NULL = $XDG_CACHE_HOME/flyover or ~/.cache/flyover; "" = none */
	const char *debug_dir; /* NULL = /usr/lib/debug */
	unsigned threads;      /* 0 = one a CPU */
	uint64_t cache_max;    /* bytes on disk; 0 = SYMCACHE_BYTES_MAX */
	size_t memory_max;     /* bytes kept from one profile to the next; 0 = 64 MiB */
	unsigned dwarf_timeout_ms; /* for one object, all of a profile 3 times that; 0 = 10 s */
	bool no_lines;             /* names only: no files and lines, no inlined functions */
	bool no_demangle;
	bool by_file; /* strangers brought the objects: equal build ids say nothing */
	enum symbol_unknown unknown;
};

/* Where the addresses of one mapping get their names from. */
enum symbol_kind { SYMBOL_NONE, SYMBOL_OBJECT, SYMBOL_KERNEL, SYMBOL_JIT };

struct symbol_source {
	enum symbol_kind kind;
	struct object *object;   /* borrowed; for SYMBOL_OBJECT */
	struct perfmap *perfmap; /* borrowed; for SYMBOL_JIT, may be NULL */
};

struct symbol_stats {
	size_t locations, named, lined; /* of these, with a symbol; with file and line */
	size_t objects, objects_cached, objects_failed;
	size_t dwarf_failed;     /* objects whose debug information crashed or hung its reader */
	size_t perfmaps_refused; /* not owned by the process's user or root, or too large */
	bool kernel_hidden; /* this user may not see the kernel's addresses: kernel.kptr_restrict */
};

/* Without a place for the disk cache it does without. */
int symbolizer_new(
	const struct symbolizer_options *options, struct symbolizer **ret, struct err *err);
void symbolizer_free(struct symbolizer *symbolizer);

/* `sources` has one entry for each mapping of the profile, same index; entry 0 is unused.
 * An object that cannot be read is no error (its addresses stay module+0xoffset, and are counted).
 */
int symbol_resolve(struct symbolizer *symbolizer, struct profile *profile,
	const struct symbol_source *sources, struct symbol_stats *ret_stats, struct err *err);

#endif
