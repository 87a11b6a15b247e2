/* mend_parts: what a repair does with each thing that can be read. */
#ifndef STORE_MEND_PARTS_H
#define STORE_MEND_PARTS_H

#include "store/mend.h"

/* A survey's. */
int mend_parts_dictionary(void *mend, struct view name, const struct store_dictionary *dictionary);
int mend_parts_block(void *mend, struct view key, struct view value);
int mend_parts_row(void *mend, struct view key, struct view value);

/* What is known once all was read: series, days, and stacks whose names are lost. */
int mend_parts_rest(struct mend *mend);

#endif
