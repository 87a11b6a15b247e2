/*
 * dwarfread: file, line and inlined functions of addresses, by libdw.
 *
 * libdw was not written for strangers' files: this runs in a child that may crash or loop
 * (dwarfchild), and writes a reply (dwarfreply).
 */
#ifndef SYMBOL_DWARFREAD_H
#define SYMBOL_DWARFREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* `addresses` are the file's own, ascending, without repetitions. Appends the reply to `out` and
 * calls flush now and then to make room. */
typedef void dwarfread_flush(struct buf *out, void *opaque);
void dwarfread(int fd, const uint64_t *addresses, size_t n, struct buf *out, dwarfread_flush *flush,
	void *opaque);

#endif
