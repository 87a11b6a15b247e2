/*
 * prune: the largest nodes of a tree, and what is left out below each.
 *
 * A node of a diff is as large as its larger side, so that what is kept on one side is there on the
 * other too. A child is never larger than its parent: what is kept is a tree.
 */
#ifndef MODEL_PRUNE_H
#define MODEL_PRUNE_H

#include "model/tree.h"

struct prune {
	bool *kept;            /* of each node; owned */
	uint64_t *other;       /* of each kept node: of children that are left out; owned */
	uint64_t *base_other;  /* likewise, of the other side of a diff, else NULL; owned */
	size_t n_kept, n_left; /* without node 0, which is always kept */
};

/* Keeps nodes_max nodes besides node 0; 0 = all. A leaf that has the name `other` counts as left
 * out. Finish with prune_fini, also after an error. */
int prune(const struct tree *tree, size_t nodes_max, struct view other, struct prune *ret,
	struct err *err);
void prune_fini(struct prune *prune);

#endif
