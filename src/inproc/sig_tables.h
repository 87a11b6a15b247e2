/*
 * sig_tables: the unwind tables that signal handlers and hooks walk by, replaced while they run.
 *
 * A reader enters, walks, and leaves; it neither waits nor allocates. Whoever replaces the tables
 * may free the old ones once no reader has been inside since.
 */
#ifndef INPROC_SIG_TABLES_H
#define INPROC_SIG_TABLES_H

#include <stdatomic.h>
#include <stdint.h>

#include "inproc/sig_walk.h"

struct sig_tables {
	struct stackwalk_tables tables;
	uint32_t generation;
	struct sig_walk_memory *memory; /* may be NULL */
};

/* Set when code outside of all tables was met: look for new mappings. */
extern _Atomic uint32_t sig_tables_unmapped;

/* What readers that enter from now on see; borrowed; NULL: nothing. */
void sig_tables_set(const struct sig_tables *tables);

/* Whether no reader is inside at this moment. Once true after sig_tables_set, what was set before
 * can go. */
int sig_tables_quiet(void);

/* In the child of a fork no reader of the parent is left. */
void sig_tables_after_fork(void);

/* Each enter needs a leave, also if it gave NULL. Async-signal-safe. */
const struct sig_tables *sig_tables_enter(void);
void sig_tables_leave(void);

#endif
