/*
 * naming: gives the locations of a profile their lines, whatever their addresses mean in a program.
 */
#ifndef SYMBOL_NAMING_H
#define SYMBOL_NAMING_H

#include <stddef.h>
#include <stdint.h>

#include "symbol/symbol.h"

struct objnames;
struct perfmap;
struct profile;

struct naming {
	struct profile *profile; /* borrowed, as all here */
	struct symbol_stats *stats;
	enum symbol_unknown unknown; /* what naming_unknown does */
};

/* From the answers of an object: `function_of` is zeroed memory of one number a frame of `names`,
 * kept between calls for the same object. */
void naming_object(struct naming *naming, uint32_t location, const struct objnames *names,
	uint32_t *function_of);

void naming_jit(struct naming *naming, uint32_t location, const struct perfmap *perfmap);

/* "module+0xoffset", or "[unknown]" where not even a mapping is known. */
void naming_unknown(struct naming *naming, uint32_t location);

#endif
