/*
 * place: an address as a place in a file, wherever a process had mapped it.
 *
 * Addresses of a profile are the file's own (profile.h), or those of one process, which mean
 * nothing once its mapping is forgotten. A mapping [0, PLACE_LIMIT) at offset 0 says that addresses
 * are offsets in the file: the same for every process, and turned into the file's own by its
 * segments.
 */
#ifndef MODEL_PLACE_H
#define MODEL_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"

#define PLACE_LIMIT ((uint64_t)1 << 62)

/* No file has addresses of its own from here on; shared libraries and programs that may be loaded
 * anywhere lie above. */
#define PLACE_OWN_MAX ((uint64_t)1 << 32)

struct mapping;

/* Whether the addresses of the mapping are offsets in its file. */
bool place_is_offset(const struct mapping *mapping);

/* The offset of an address of a process in the mapped file; false if it is none: the address is the
 * file's own, outside the mapping, or in no file. */
bool place_find(
	const struct mapping *mapping, struct view file, uint64_t address, uint64_t *ret_offset);

#endif
