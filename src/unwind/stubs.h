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

/* Adds to an empty list, in order; meant to be overlaid under rows that know better. */
void stubs_read(const struct object *object, struct ruleset *rules, struct rowlist *rows);

#endif
