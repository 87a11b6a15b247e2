/*
 * own_file: a file that this process runs code from: its table, and how to find it again.
 *
 * Descriptors are not kept: the host program may be short of them, and daemons close what they
 * don't know. The file is opened again by its path, and believed if it still is the same one.
 */
#ifndef INPROC_OWN_FILE_H
#define INPROC_OWN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "proc/maps.h"
#include "unwind/unwind_space.h"

struct object;

struct own_file {
	char *path; /* owned; "[vdso]" for that */
	uint64_t device, inode, size, mtime_ns;
	char *build_id; /* owned, hex; may be "" */
	bool is_vdso, has_table;
	struct unwind_space_place place;
	uint32_t users; /* mappings of it in the maps that are kept */
};

/* Whether the mapping is one of this file. */
bool own_file_is(const struct own_file *file, const struct maps_line *line);

/* *ret is owned: own_file_free. A file that cannot be read has no table and is no error. */
int own_file_new(const struct maps_line *line, struct unwind_space *space, struct own_file **ret,
	struct err *err);
void own_file_free(struct own_file *file, struct unwind_space *space);

/* ERR_NOT_FOUND if it is gone or another file has its name now. *ret is owned: object_unref. */
int own_file_open(const struct own_file *file, struct object **ret, struct err *err);

#endif
