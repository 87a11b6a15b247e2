/*
 * debugelf: whether a file that somebody sends has names for a build.
 */
#ifndef DEBUGINFO_DEBUGELF_H
#define DEBUGINFO_DEBUGELF_H

#include <stdbool.h>

#include "base/err.h"
#include "base/view.h"

struct object;

/* Whether it is an ELF file that is whole, has a build id and any names. ERR_CORRUPT with a
 * sentence. *ret_is_program: its code is in it, else it is what was split off a program. */
int debugelf_check(const struct object *object, bool *ret_is_program, struct err *err);

/* The same, and that it is of this build (hex). */
int debugelf_check_id(
	const struct object *object, struct view build_id, bool *ret_is_program, struct err *err);

/* A build id as we write it: 2 to DEBUGELF_ID_MAX lower-case hex digits, an even number of them. */
#define DEBUGELF_ID_MAX 200
bool debugelf_is_id(struct view text);

#endif
