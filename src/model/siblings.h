/*
 * siblings: the items below one node, put together by name and in order.
 */
#ifndef MODEL_SIBLINGS_H
#define MODEL_SIBLINGS_H

#include "model/descent.h"

/* The items of one name under one parent: a node. */
struct group {
	uint32_t name;
	uint32_t first, count; /* its items, in items->at */
	uint64_t self, base_self, total, base_total;
};

struct siblings {
	struct group *groups; /* owned; in the order wanted */
	size_t n_groups, cap_groups;
	struct group *parts; /* owned, of the work at hand */
	size_t cap_parts;
};

void siblings_fini(struct siblings *siblings);

/*
 * Sorts the `found` items by name and moves them behind those in `into`; `groups` says which are
 * one. `as_text` orders the groups as the lines of folded text sort, "a 5" apart from "a;b 7": two
 * groups then have one name if the lines of another, such as a.part.0, sort between them. False
 * without memory.
 */
bool siblings_group(struct siblings *siblings, const struct descent *descent, struct items *found,
	struct items *into, bool as_text);

#endif
