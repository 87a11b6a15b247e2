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

/* Where the reply goes: it is appended to `out`, and flush makes room now and then. */
struct dwarfread_sink {
	struct buf *out;
	void (*flush)(struct buf *out, void *opaque);
	void *opaque;
};

/* `addresses` are the file's own, ascending, without repetitions. */
void dwarfread(int fd, const uint64_t *addresses, size_t n, const struct dwarfread_sink *sink);

#endif
