/*
 * debugfile: the file that holds what was stripped off an object.
 *
 * Looked for by build id (DEBUG_DIR/.build-id/xx/yyyy.debug), then by .gnu_debuglink (a name and
 * the CRC-32 of the whole file) beside the object, in .debug/ beside it, and below DEBUG_DIR. A
 * file whose build id or checksum does not match is not the one. Also unpacks .gnu_debugdata, the
 * small symbol table that Fedora puts inside the object as xz.
 */
#ifndef SYMBOL_DEBUGFILE_H
#define SYMBOL_DEBUGFILE_H

#include "base/buf.h"
#include "base/err.h"

#define DEBUGFILE_DIR "/usr/lib/debug"
#define DEBUGFILE_MINI_MAX ((size_t)64 << 20) /* unpacked */
#define DEBUGFILE_CRC_MAX ((uint64_t)8 << 30) /* larger files are not summed */

struct object;

/* Appends the path of the first file that is there and may be the one; cheap, checks nothing else.
 * False if there is none. */
bool debugfile_find(const struct object *object, const char *debug_dir, struct buf *ret_path);

/* *ret is owned. ERR_NOT_FOUND if no candidate matches. */
int debugfile_open(
	const struct object *object, const char *debug_dir, struct object **ret, struct err *err);

/* *ret is owned; ERR_NOT_FOUND if the object holds none. */
int debugfile_open_mini(const struct object *object, struct object **ret, struct err *err);

#endif
