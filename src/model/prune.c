/* prune: the largest nodes of a tree, and what is left out below each. */
#include "model/prune.h"

#include <stdlib.h>

#include "model/descent.h"

static uint64_t size_of(const struct tree *tree, size_t node)
{
	uint64_t base = tree->base_total ? tree->base_total[node] : 0;

	return tree->total[node] > base ? tree->total[node] : base;
}

/* The `rank`-th largest size (from 1), byte by byte from the top; *ret_larger counts those above
 * it. */
static uint64_t find_least(const struct tree *tree, size_t rank, size_t *ret_larger)
{
	uint64_t prefix = 0, mask = 0;
	size_t larger = 0;

	for (unsigned shift = 64; shift > 0;) {
		size_t counts[256] = { 0 };
		unsigned byte = 256;

		shift -= 8;
		for (size_t i = 1; i < tree->n_nodes; i++)
			if ((size_of(tree, i) & mask) == prefix)
				counts[size_of(tree, i) >> shift & 255]++;
		while (larger + counts[--byte] < rank)
			larger += counts[byte];
		prefix |= (uint64_t)byte << shift;
		mask |= UINT64_C(255) << shift;
	}
	*ret_larger = larger;
	return prefix;
}

/* Those as large as the least one share the room that is left, the ones above first. */
static void choose(const struct tree *tree, size_t nodes_max, struct prune *ret)
{
	size_t n = tree->n_nodes - 1, room = n, larger = 0;
	uint64_t least = 0;

	if (nodes_max && n > nodes_max) {
		least = find_least(tree, nodes_max, &larger);
		room = nodes_max - larger;
	}
	ret->kept[0] = true;
	for (size_t i = 1; i <= n; i++) {
		uint64_t size = size_of(tree, i);

		if (!ret->kept[tree->parent[i]] || size < least || (size == least && room == 0))
			continue;
		room -= size == least;
		ret->kept[i] = true;
	}
}

static void leave_out(const struct tree *tree, size_t node, struct prune *ret)
{
	uint32_t parent = tree->parent[node];

	ret->n_left++;
	if (!ret->kept[parent])
		return;
	ret->other[parent] = descent_sum(ret->other[parent], tree->total[node]);
	if (ret->base_other)
		ret->base_other[parent] =
			descent_sum(ret->base_other[parent], tree->base_total[node]);
}

static void sum(const struct tree *tree, uint32_t other, struct prune *ret)
{
	for (size_t i = 1; i < tree->n_nodes; i++) {
		if (tree->name[i] == other && tree->n_children[i] == 0)
			ret->kept[i] = false;
		if (ret->kept[i])
			ret->n_kept++;
		else
			leave_out(tree, i, ret);
	}
}

int prune(const struct tree *tree, size_t nodes_max, struct view other, struct prune *ret,
	struct err *err)
{
	*ret = (struct prune){ .kept = calloc(tree->n_nodes + 1, sizeof(*ret->kept)),
		.other = calloc(tree->n_nodes + 1, sizeof(*ret->other)) };
	if (tree->base_total)
		ret->base_other = calloc(tree->n_nodes + 1, sizeof(*ret->base_other));
	if (!ret->kept || !ret->other || (tree->base_total && !ret->base_other))
		return err_set(err, ERR_NOMEM, "out of memory for the tree");
	choose(tree, nodes_max, ret);
	sum(tree, strings_find(&tree->names, other), ret);
	return 0;
}

void prune_fini(struct prune *prune)
{
	free(prune->kept);
	free(prune->other);
	free(prune->base_other);
	*prune = (struct prune){ 0 };
}
