/*
 * known: what is known of each build that was met, within a budget.
 */
#ifndef SYMBOL_KNOWN_H
#define SYMBOL_KNOWN_H

#include "symbol/objnames.h"

struct known_build {
	uint64_t key;   /* hash of objkey_make; 0 = cannot be recognised, so it is not kept */
	uint64_t round; /* that it was used in last */
	struct objnames names;
};

struct known {
	struct known_build **builds; /* owned, each too */
	size_t n, cap;
	size_t bytes_max; /* of memory, from one round to the next */
	uint64_t round;   /* counts profiles */
};

void known_fini(struct known *known);

/* *ret_new: it was not in this round yet. NULL without memory. */
struct known_build *known_of(struct known *known, const struct object *object,
	const struct objtables_options *options, bool *ret_new);

/* At a round's end: what does not fit is forgotten, what was not used longest first; at first only
 * tables, which are read again soon, then answers, too. */
void known_trim(struct known *known);

#endif
