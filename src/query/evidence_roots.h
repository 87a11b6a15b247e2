/* evidence_roots: what stacks begin with: how many are cut short, and what an agent says of its
 * sampling. */
#ifndef QUERY_EVIDENCE_ROOTS_H
#define QUERY_EVIDENCE_ROOTS_H

#include "query/evidence.h"

struct evidence_roots {
	int64_t total, truncated[TRUNCATED_REASONS], truncated_otherwise;
	struct accounting capture; /* read as a profile of capture.h in agent */
	size_t n_series;
	struct evidence_unnamed *unnamed; /* says where what has no name is counted; may be NULL */
};

/* Of the selection; with `of` only series of its hosts. */
int evidence_roots_read(struct store *store, const struct store_select *select,
	const struct evidence *of, struct evidence_roots *ret, struct err *err);

#endif
