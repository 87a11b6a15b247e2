/*
 * own_space: the code that this process has mapped readable, and the tables to walk it with.
 *
 * A map is immutable: every change of the mappings makes another, with the next generation number.
 * Old ones stay until own_space_retire says that no handler reads them any more, and for one more
 * round, because samples that still lie in the ring speak of them. One thread at a time.
 */
#ifndef INPROC_OWN_SPACE_H
#define INPROC_OWN_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "unwind/stackwalk.h"

struct own_file;
struct own_space;

enum own_kind { OWN_FILE, OWN_JIT, OWN_OTHER }; /* OTHER: [vsyscall] and the like */

struct own_range {
	uint64_t start, end, offset;
	uint64_t bias; /* address in the file = address - bias; 0 for other kinds */
	enum own_kind kind;
	struct own_file *file; /* borrowed; NULL unless OWN_FILE */
};

int own_space_new(struct own_space **ret, struct err *err);
void own_space_free(struct own_space *space);

/* Whether objects were loaded or unloaded since the last refresh. Cheap, but takes the loader's
 * lock for a moment. */
bool own_space_stale(const struct own_space *space);

/* Reads the mappings again and builds the tables that are missing: 2 to 50 ms for each large
 * library that is new. The map in use changes only if the mappings did. */
int own_space_refresh(struct own_space *space, struct err *err);

/* Of the newest map. Good until it is retired. */
struct stackwalk_tables own_space_tables(const struct own_space *space);
uint32_t own_space_generation(const struct own_space *space);

/* The mapping of an address in the map of that generation, else in the newest; NULL if none. */
const struct own_range *own_space_find(
	const struct own_space *space, uint32_t generation, uint64_t address);

/* The first mapping of the program's own file in the newest map; NULL if there is none. */
const struct own_range *own_space_program(const struct own_space *space);

/* All that came before the newest map may go: every handler that began before has ended. */
void own_space_retire(struct own_space *space);

/* Around every fork, in the thread that forks. */
void own_space_before_fork(void);
void own_space_after_fork(bool in_child);

#endif
