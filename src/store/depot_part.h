/* depot_part: blocks become the parts of a scan. */
#ifndef STORE_DEPOT_PART_H
#define STORE_DEPOT_PART_H

#include "store/block.h"

struct depot_part { /* a scan, at one of its series; what is read goes into the same memory again */
	const struct store_scan *scan;
	const struct store_series *series;
	const struct store_dictionary *dictionary; /* of the block's week */
	size_t type;
	struct block_reader reader;
	int64_t *sums;    /* owned; of the merged stacks */
	uint32_t *stacks; /* owned */
	uint32_t *span_of;
	size_t cap_sums, cap_stacks, cap_span_of;
};

void depot_part_fini(struct depot_part *p);

/* Whether what begins at either time may be in one part. */
bool depot_part_together(const struct store_scan *scan, int64_t first_ns, int64_t last_ns);

/* What is asked for of the block, as one part or several. */
int depot_part_give(struct depot_part *p, const struct block_header *header, struct err *err);

#endif
