/*
 * drafts: the nodes of a tree in the order in which the walk meets them.
 *
 * Depth first, parents before children, siblings from left to right: so the nodes of one depth
 * are drafted from left to right too, and can be counted into their places in level order.
 */
#ifndef MODEL_DRAFTS_H
#define MODEL_DRAFTS_H

#include "model/descent.h"
#include "model/tree.h"

#define DRAFT_NO_FRAME UINT32_MAX

struct draft {
	uint64_t start, self, total;
	uint32_t frame; /* in descent.frames.all; DRAFT_NO_FRAME: the root */
	uint32_t depth;
};

/* The other side of a diff. `hidden` is the width of children too narrow to be nodes. */
struct draft_base {
	uint64_t self, total, hidden;
};

struct drafts {
	struct descent descent;
	struct draft *all; /* owned; the root first */
	size_t count, cap;
	struct draft_base *bases; /* owned; of a diff only, one a draft */
	size_t n_bases, cap_bases;
	size_t *n_at_depth; /* owned; max_depth + 1 of them */
	size_t cap_n_at_depth;
	unsigned max_depth;
	bool is_union;   /* widths are TREE_WIDTH_UNION: known when all children are */
	bool was_folded; /* see struct tree */
};

/* All but options->group_by is heeded. ERR_LIMIT, ERR_NOMEM. Finish with drafts_fini, also after an
 * error. */
int drafts_build(struct drafts *drafts, const struct profile *profile,
	const struct tree_options *options, struct err *err);
void drafts_fini(struct drafts *drafts);

static inline uint64_t drafts_larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

#endif
