/*
 * objnames: all we know about the names in one object, and the answers already given.
 *
 * Asks, in this order: Go's own tables; DWARF, of the object or of its debug file, or what it
 * answered to an earlier recording; the symbol tables. One thread at a time.
 */
#ifndef SYMBOL_OBJNAMES_H
#define SYMBOL_OBJNAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/view.h"
#include "symbol/objtables.h"

#define OBJNAMES_TEXT_MAX ((size_t)64 << 20)
#define OBJNAMES_FRAMES_MAX 64 /* at one address */

struct object;

/* One function at an address. All texts end in no NUL and live as long as the objnames. */
struct objnames_frame {
	struct view name, system_name; /* for people; as in the object */
	struct view file;              /* empty = not known */
	uint32_t line, start_line;     /* 0 = not known */
};

struct objnames_options {
	struct objtables_options tables;
	unsigned dwarf_timeout_ms; /* for one object; 0 = DWARFCHILD_TIMEOUT_MS */
	uint64_t deadline_ns;      /* of clock_monotonic_ns, for DWARF of all objects; 0 = none */
	bool no_lines, no_demangle;
};

struct objnames_name { /* as in the object; for people */
	struct view from, to;
};

struct objnames {
	struct objtables tables;
	bool recalled;     /* answers to earlier recordings were looked for */
	bool was_cached;   /* what is known was there before this was met */
	bool dwarf_failed; /* DWARF crashed or hung its reader: never again */

	/* answers */
	struct arena text;
	struct map span_of;            /* address -> first frame << 8 | count */
	struct map name_of;            /* hash of a name -> place in names, plus one */
	struct objnames_frame *frames; /* owned */
	struct objnames_name *names;   /* owned */
	size_t n_frames, cap_frames, n_names, cap_names;
};

void objnames_fini(struct objnames *names);
size_t objnames_bytes(const struct objnames *names); /* of memory, about */

/* Makes sure that each address has an answer, as far as there is memory. `addresses` are the file's
 * own, ascending, without repetitions. */
void objnames_resolve(struct objnames *names, const struct object *object,
	const uint64_t *addresses, size_t n, const struct objnames_options *options);

/* The frames at an address asked before, innermost first; 0 if it has no name. */
size_t objnames_find(const struct objnames *names, uint64_t address, size_t *ret_first);

#endif
