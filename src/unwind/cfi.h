/*
 * cfi: rows from an object's call frame information.
 *
 * Reads .eh_frame (found by its section, else through PT_GNU_EH_FRAME) and, if that has no
 * functions and `debug_frame` allows it, .debug_frame. Sources: the Linux Standard Base
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

/* ERR_NOT_FOUND: the object has none. ERR_LIMIT, ERR_NOMEM. Functions that are malformed are
 * skipped and counted. */
int cfi_read(const struct object *object, bool debug_frame, struct ruleset *rules,
	struct rowlist *rows, struct cfi_stats *ret);

#endif
