/*
 * tree: a profile as a flame graph, ready to draw.
 *
 * Built level by level. Every node of the level being read holds the items (places in the
 * stacks of the profile) that have its name; their next frames, sorted by name, are its
 * children. So the columns come out in level order, nothing is looked up in a hash, and the
 * depth of a stack costs no depth of calls.
 */
#include "model/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "model/copy.h"
#include "model/siblings.h"

#define ITEMS_MAX ((uint64_t)1 << 28) /* inverted, a stack is visited for each leaf above it */

struct builder {
	const struct tree_options *options;
	struct descent descent;
	struct tree *tree;
	size_t cap_nodes, nodes_max, depth_max;
	struct items level, next, found; /* this level's, the next one's, one node's */
	struct siblings siblings;
	uint32_t *first_item, *n_items; /* of each node, in its level's items; owned */
	uint64_t items_seen;
};

uint64_t tree_whole(const struct profile *profile, size_t type)
{
	uint64_t whole = 0;

	assert(type < profile->n_types);
	for (size_t i = 0; i < profile->n_samples; i++) {
		int64_t value = profile->values[i * profile->n_types + type];

		whole = descent_sum(whole, value > 0 ? (uint64_t)value : 0);
	}
	return whole;
}

static bool is_union(const struct builder *b)
{
	return b->descent.is_diff && b->options->width == TREE_WIDTH_UNION;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool grow_column(void *column, size_t size, size_t cap)
{
	void **at = column;
	void *moved = realloc(*at, size * cap);

	if (moved)
		*at = moved;
	return moved;
}

#define GROW(column) grow_column(&(column), sizeof(*(column)), cap)

static bool grow_columns(struct builder *b)
{
	struct tree *tree = b->tree;
	size_t cap = b->cap_nodes ? b->cap_nodes * 2 : 256;

	if (!GROW(tree->parent) || !GROW(tree->first_child) || !GROW(tree->n_children) ||
		!GROW(tree->name) || !GROW(tree->module) || !GROW(tree->depth) ||
		!GROW(tree->kind) || !GROW(tree->start) || !GROW(tree->self) ||
		!GROW(tree->total) || !GROW(b->first_item) || !GROW(b->n_items))
		return false;
	if (b->descent.is_diff && (!GROW(tree->base_self) || !GROW(tree->base_total)))
		return false;
	if (is_union(b) && !GROW(tree->width))
		return false;
	b->cap_nodes = cap;
	return true;
}

/* ERR_NOMEM and ERR_LIMIT are told apart by the caller. */
static int add_node(struct builder *b, uint32_t parent, const struct group *group, uint64_t start)
{
	struct tree *tree = b->tree;
	uint32_t id = (uint32_t)tree->n_nodes;

	if (tree->n_nodes >= b->nodes_max)
		return ERR_LIMIT;
	if (tree->n_nodes == b->cap_nodes && !grow_columns(b))
		return ERR_NOMEM;
	tree->n_nodes++;
	tree->parent[id] = parent;
	tree->first_child[id] = tree->n_children[id] = 0;
	tree->depth[id] = id ? (uint16_t)(tree->depth[parent] + 1) : 0;
	tree->name[id] = group->name;
	tree->start[id] = start;
	tree->self[id] = group->self;
	tree->total[id] = group->total;
	if (b->descent.is_diff) {
		tree->base_self[id] = group->base_self;
		tree->base_total[id] = group->base_total;
	}
	if (is_union(b))
		tree->width[id] = larger(group->self, group->base_self);
	b->first_item[id] = group->first;
	b->n_items[id] = group->count;
	return 0;
}

/* A function may be inlined here and called there: the lower kind, the plain call, is shown. */
static void describe_node(struct builder *b, uint32_t id, const struct group *group)
{
	const struct frame *best = NULL;

	/* A part of a split name that only has own lines keeps no items, but they are there. */
	for (uint32_t i = 0; i < group->count || i == 0; i++) {
		const struct frame *frame =
			descent_frame(&b->descent, &b->next.at[group->first + i]);

		if (!best || frame->kind < best->kind)
			best = frame;
	}
	b->tree->kind[id] = best->kind;
	b->tree->module[id] = best->module;
}

/* In a union the width is not known before the children are: this bound is never too small. */
static uint64_t width_bound(const struct builder *b, const struct group *group)
{
	return is_union(b) ? descent_sum(group->total, group->base_total) : group->total;
}

static int add_groups(struct builder *b, uint32_t parent)
{
	struct tree *tree = b->tree;
	uint64_t start = descent_sum(tree->start[parent], tree->self[parent]);

	for (size_t i = 0; i < b->siblings.n_groups; i++) {
		const struct group *group = &b->siblings.groups[i];
		uint64_t bound = width_bound(b, group);
		int rc;

		if (bound < b->options->width_min) {
			if (is_union(b))
				tree->width[parent] = descent_sum(tree->width[parent],
					larger(group->total, group->base_total));
		} else {
			rc = add_node(b, parent, group, start);
			if (rc < 0)
				return rc;
			describe_node(b, (uint32_t)tree->n_nodes - 1, group);
			if (tree->n_children[parent]++ == 0)
				tree->first_child[parent] = (uint32_t)tree->n_nodes - 1;
		}
		start = descent_sum(start, group->total);
	}
	return 0;
}

static int add_children(struct builder *b, uint32_t parent)
{
	bool as_text = b->options->order == TREE_AS_TEXT;

	b->items_seen += b->found.count;
	if (b->items_seen > ITEMS_MAX)
		return ERR_LIMIT;
	if (!siblings_group(&b->siblings, &b->descent, &b->found, &b->next, as_text))
		return ERR_NOMEM;
	return add_groups(b, parent);
}

static int add_root(struct builder *b)
{
	struct item self, whole;
	struct group all = { 0 };
	uint32_t name = strings_add(&b->descent.frames.names, VIEW("all"));
	int rc;

	if (name == STRINGS_NONE)
		return ERR_NOMEM;
	descent_root(&b->descent, &self, &whole);
	all.name = name;
	all.self = self.total;
	all.base_self = self.base;
	all.total = whole.total;
	all.base_total = whole.base;
	rc = add_node(b, 0, &all, 0);
	if (rc < 0)
		return rc;
	b->tree->kind[0] = FRAME_GROUP;
	b->tree->module[0] = 0;
	if (!descent_start(&b->descent, &b->found))
		return ERR_NOMEM;
	return add_children(b, 0);
}

/* Beyond depth_max all that would come is the node's own. */
static void fold(struct builder *b, size_t first, size_t end)
{
	struct tree *tree = b->tree;

	for (size_t i = first; i < end; i++) {
		tree->was_folded |= tree->self[i] != tree->total[i];
		tree->self[i] = tree->total[i];
		if (!b->descent.is_diff)
			continue;
		tree->base_self[i] = tree->base_total[i];
		if (is_union(b))
			tree->width[i] = larger(tree->self[i], tree->base_self[i]);
	}
}

static int add_level(struct builder *b, size_t first, size_t end)
{
	struct items done = b->level;
	int rc = 0;

	b->level = b->next;
	b->next = done;
	b->next.count = 0;
	for (size_t i = first; i < end && rc == 0; i++) {
		b->found.count = 0;
		for (uint32_t k = 0; k < b->n_items[i]; k++)
			if (!descent_next(
				    &b->descent, b->level.at[b->first_item[i] + k], &b->found))
				return ERR_NOMEM;
		rc = add_children(b, (uint32_t)i);
	}
	return rc;
}

static int add_levels(struct builder *b)
{
	size_t first = 0, end;
	int rc = add_root(b);

	while (rc == 0) {
		end = b->tree->n_nodes;
		first = first ? first : 1;
		if (first == end)
			break;
		b->tree->max_depth = b->tree->depth[first];
		if (b->tree->max_depth >= b->depth_max) {
			fold(b, first, end);
			break;
		}
		rc = add_level(b, first, end);
		first = end;
	}
	return rc;
}

/* Widths from the leaves to the root, then the places from the root to the leaves. */
static void lay_out_union(struct tree *tree)
{
	for (size_t i = tree->n_nodes; i-- > 1;) {
		uint64_t *parent = &tree->width[tree->parent[i]];

		*parent = descent_sum(*parent, tree->width[i]);
	}
	for (size_t i = 0; i < tree->n_nodes; i++) {
		uint64_t at =
			descent_sum(tree->start[i], larger(tree->self[i], tree->base_self[i]));

		for (uint32_t k = 0; k < tree->n_children[i]; k++) {
			tree->start[tree->first_child[i] + k] = at;
			at = descent_sum(at, tree->width[tree->first_child[i] + k]);
		}
	}
}

static int explain(const struct builder *b, int rc, struct err *err)
{
	if (rc == ERR_LIMIT && b->items_seen > ITEMS_MAX)
		return err_set(err, rc, "the stacks are too many and too deep to turn upside down");
	if (rc == ERR_LIMIT)
		return err_set(err, rc,
			"the flame graph has more than %zu frames: leave out narrow ones, or focus",
			b->nodes_max);
	return rc < 0 ? err_set(err, rc, "out of memory") : 0;
}

static size_t depth_limit(const struct tree_options *options)
{
	size_t depth = options->depth_max ? options->depth_max : TREE_DEPTH_DEFAULT;

	return depth < TREE_DEPTH_LIMIT ? depth : TREE_DEPTH_LIMIT;
}

static int build(const struct profile *profile, const struct tree_options *options,
	struct tree *ret, struct err *err)
{
	struct builder b = {
		.options = options,
		.tree = ret,
		.depth_max = depth_limit(options),
		.nodes_max = options->nodes_max ? options->nodes_max : TREE_NODES_DEFAULT,
	};
	const struct descent_options how = { options->type, options->base_type,
		options->granularity, options->inverted };
	int rc = descent_init(&b.descent, profile, &how, err);

	if (rc == 0)
		rc = explain(&b, add_levels(&b), err);
	if (rc == 0 && is_union(&b))
		lay_out_union(ret);
	if (!ret->width)
		ret->width = ret->total;
	ret->had_negative = b.descent.had_negative;
	/* The names outlive the rest of the frames. */
	ret->names = b.descent.frames.names;
	b.descent.frames.names = (struct strings){ 0 };
	descent_fini(&b.descent);
	siblings_fini(&b.siblings);
	free(b.level.at);
	free(b.next.at);
	free(b.found.at);
	free(b.first_item);
	free(b.n_items);
	return rc;
}

int tree_build(const struct profile *profile, const struct tree_options *options, struct tree *ret,
	struct err *err)
{
	PROFILE_AUTO grouped = NULL;
	int rc;

	*ret = (struct tree){ 0 };
	if (!options->n_group_by)
		return build(profile, options, ret, err);
	rc = copy_grouped(profile, options->group_by, options->n_group_by, &grouped, err);
	return rc < 0 ? rc : build(grouped, options, ret, err);
}

void tree_fini(struct tree *tree)
{
	strings_fini(&tree->names);
	free(tree->parent);
	free(tree->first_child);
	free(tree->n_children);
	free(tree->name);
	free(tree->module);
	free(tree->depth);
	free(tree->kind);
	free(tree->start);
	free(tree->self);
	if (tree->width != tree->total)
		free(tree->width);
	free(tree->total);
	free(tree->base_self);
	free(tree->base_total);
	*tree = (struct tree){ 0 };
}
