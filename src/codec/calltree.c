/* calltree: a flame graph as the bytes that Pyroscope calls a tree. */
#include "codec/calltree.h"

#include <stdlib.h>

#include "codec/flamebearer.h"
#include "model/prune.h"
#include "wire/proto.h"

static void put_node(struct buf *out, struct view name, uint64_t self, size_t children)
{
	proto_put_varint(out, name.len);
	buf_add_view(out, name);
	proto_put_varint(out, self);
	proto_put_varint(out, children);
}

/* Writes the node and puts its children on the stack, the first on top. */
static size_t visit(const struct tree *tree, const struct prune *cut, uint32_t node,
	struct buf *out, uint32_t *stack)
{
	size_t n = 0, others = cut->other[node] > 0;

	for (uint32_t i = tree->n_children[node]; i-- > 0;)
		if (cut->kept[tree->first_child[node] + i])
			stack[n++] = tree->first_child[node] + i;
	put_node(out, node ? strings_at(&tree->names, tree->name[node]) : VIEW(""),
		tree->self[node], n + others);
	if (others)
		put_node(out, VIEW(FLAMEBEARER_OTHER), cut->other[node], 0);
	return n;
}

int calltree_write(const struct tree *tree, size_t nodes_max, struct buf *out, struct err *err)
{
	struct prune cut;
	uint32_t *stack = NULL;
	size_t n = 1;
	int rc = prune(tree, nodes_max, VIEW(FLAMEBEARER_OTHER), &cut, err);

	if (rc == 0 && tree->total[0] > 0) {
		stack = calloc(cut.n_kept + 1, sizeof(*stack));
		if (!stack)
			rc = err_set(err, ERR_NOMEM, "out of memory for the tree");
		while (rc == 0 && n > 0) {
			uint32_t node = stack[--n];

			n += visit(tree, &cut, node, out, stack + n);
		}
	}
	free(stack);
	prune_fini(&cut);
	return rc;
}
