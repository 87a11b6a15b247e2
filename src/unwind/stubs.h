/*
 * stubs: rows for code that neither a compiler nor a linker described.
 *
 * PLT sections of linkers that write no unwind information for them, and the program's entry,
 * which is hand-written and where every first thread starts.
 */
#ifndef UNWIND_STUBS_H
#define UNWIND_STUBS_H

struct object;
struct rowlist;
struct ruleset;

/* Adds to an empty list what `known`, under which it is to be overlaid, does not describe: an entry
 * that it does describe has an end there. */
void stubs_read(const struct object *object, const struct rowlist *known, struct ruleset *rules,
	struct rowlist *rows);

#endif
