/*
 * dwarfchild: DWARF is read in a child, so that a hostile file can only hurt itself.
 *
 * One fork a batch of addresses. The child has limits of memory and processor time, no other
 * descriptors, no way to write files, and if we are root it is nobody. It gets a deadline; what it
 * said before it crashed or was ended counts.
 */
#ifndef SYMBOL_DWARFCHILD_H
#define SYMBOL_DWARFCHILD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "symbol/dwarfreply.h"

#define DWARFCHILD_TIMEOUT_MS 10000
#define DWARFCHILD_MEMORY_MAX ((uint64_t)1 << 30) /* beyond the mapped file */

struct object;

/* A batch; addresses ascending, without repetitions. */
struct dwarfchild_query {
	const struct object *object;
	const uint64_t *addresses;
	size_t n;
	unsigned timeout_ms; /* 0 = DWARFCHILD_TIMEOUT_MS */
};

/* Whether the object has DWARF to read, by its sections. */
bool dwarfchild_useful(const struct object *object);

/* Appends what the child said to `bytes`, into which *ret then points: keep them together.
 * ret->whole is false if the child did not come to its end. An error only if there is no memory or
 * no child. */
int dwarfchild_read(const struct dwarfchild_query *query, struct buf *bytes, struct dwarfreply *ret,
	struct err *err);

#endif
