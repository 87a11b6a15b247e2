/*
 * siblings: the items that follow one node, in the order in which they are drawn.
 */
#ifndef MODEL_SIBLINGS_H
#define MODEL_SIBLINGS_H

#include "model/descent.h"

struct siblings {
	struct siblings_part *parts; /* owned, of the work at hand */
	size_t cap_parts;
	struct items sorted; /* likewise */
};

void siblings_fini(struct siblings *siblings);

/* By name, last name first: the end of the array is drawn first. Inverted, items that have met at
 * one place of a stack become one. */
void siblings_sort(const struct descent *descent, struct items *items);

/*
 * Puts sorted items into the order of lines of folded text, "a 5" apart from "a;b 7": where the
 * lines of another name, such as a.part.0, sort between those of one name, its items are split into
 * ITEM_OWN and ITEM_REST. Items drawn as one box stay together. False without memory.
 */
bool siblings_order_as_text(
	struct siblings *siblings, const struct descent *descent, struct items *items);

#endif
