/*
 * own_names: names for the addresses of this process, without surprising it.
 *
 * Reads the symbol tables of the files (or of their separate debug files, if those are installed),
 * the small table inside .gnu_debugdata, Go's own tables, the perf map of generated code and the
 * kernel's list. It
 * starts no process, asks no server and reads no DWARF: names of functions only.
 */
#ifndef INPROC_OWN_NAMES_H
#define INPROC_OWN_NAMES_H

#include <stddef.h>

#include "base/err.h"

struct own_file;
struct profile;

/* `file_of` has the file of each of the first `n` mappings, or NULL. What has no name becomes
 * "module+0xoffset". */
int own_names_resolve(
	struct profile *profile, const struct own_file *const *file_of, size_t n, struct err *err);

#endif
