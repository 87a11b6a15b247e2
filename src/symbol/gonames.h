/*
 * gonames: functions, inlined functions, files and lines of a Go program, stripped or not.
 *
 * Names and lines come from the table that every Go program carries (object/pclntab); which
 * functions were inlined where from the trees beside it, in Go's read-only data:
 *
 *     Go 1.18, 1.19   parent i16, id u8, pad u8, file i32, line i32, name i32, parent pc i32
 *     Go 1.20 on      id u8, pad 3, name i32, parent pc i32, start line i32
 *
 * Where those data begin only runtime.firstmoduledata says, which is found by what it must point to
 * (by its relocations in position-independent programs). Older programs get no inlined functions.
 * Source: go/src/runtime/symtab.go, runtime/symtabinl.go. Names are as Go prints them.
 */
#ifndef SYMBOL_GONAMES_H
#define SYMBOL_GONAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

#define GONAMES_INLINED_MAX 64
#define GONAMES_DATA_MAX ((size_t)64 << 20)

struct gonames; /* immutable */
struct object;

struct gonames_frame {
	struct view name, file;    /* good as long as the gonames; file may be empty */
	uint32_t line, start_line; /* 0 = not known */
};

/* ERR_NOT_FOUND: not a Go program. */
int gonames_open(const struct object *object, struct gonames **ret, struct err *err);
void gonames_free(struct gonames *names);

/* The frames at a virtual address of the file, innermost first; 0 if no Go function is there. */
size_t gonames_find(const struct gonames *names, uint64_t address,
	struct gonames_frame ret[GONAMES_INLINED_MAX]);

size_t gonames_bytes(const struct gonames *names); /* of memory */

#endif
