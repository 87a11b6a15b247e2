/*
 * cfi: rows from an object's call frame information.
 *
 * Reads .eh_frame (found by its section, else through PT_GNU_EH_FRAME) and, if that has no
 * functions and the options allow it, .debug_frame. Sources: the Linux Standard Base
 * (.eh_frame), DWARF 5 section 6.4.
 */
#ifndef UNWIND_CFI_H
#define UNWIND_CFI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct object;
struct rowlist;
struct ruleset;

struct cfi_stats {
	size_t functions;
	size_t bad; /* skipped, or cut short */
};

struct cfi_options {
	bool debug_frame; /* read .debug_frame if there is no .eh_frame */
	bool with_rbx;    /* follow rbx, too: for objects that have rules based on it */
};

/* ERR_NOT_FOUND: the object has none. ERR_LIMIT, ERR_NOMEM. Functions that are malformed are
 * skipped and counted. */
int cfi_read(const struct object *object, struct cfi_options options, struct ruleset *rules,
	struct rowlist *rows, struct cfi_stats *ret);

#endif
