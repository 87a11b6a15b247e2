/*
 * tree: a profile as a flame graph, ready to draw.
 *
 * The drafts of the nodes come depth first and move to their places in level order: nodes of
 * one depth are drafted from left to right already.
 */
#include "model/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"
#include "model/copy.h"
#include "model/drafts.h"

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

static bool add_column(void *column, size_t size, size_t n)
{
	void **at = column;

	*at = malloc(size * n);
	if (*at)
		vec_advise(*at, size * n);
	return *at;
}

#define COLUMN(column) add_column(&(column), sizeof(*(column)), d->count)

static bool add_columns(struct drafts *d, struct tree *tree)
{
	if (!COLUMN(tree->parent) || !COLUMN(tree->first_child) || !COLUMN(tree->n_children) ||
		!COLUMN(tree->name) || !COLUMN(tree->module) || !COLUMN(tree->depth) ||
		!COLUMN(tree->kind) || !COLUMN(tree->start) || !COLUMN(tree->self) ||
		!COLUMN(tree->total))
		return false;
	if (d->descent.is_diff && (!COLUMN(tree->base_self) || !COLUMN(tree->base_total)))
		return false;
	if (d->is_union)
		return COLUMN(tree->width);
	tree->width = tree->total;
	return true;
}

static void place(
	const struct drafts *d, struct tree *tree, const uint32_t *newest, size_t from, uint32_t id)
{
	const struct draft *draft = &d->all[from];
	const struct frame *frame = &d->descent.frames.all[draft->frame];
	uint32_t parent = draft->depth ? newest[draft->depth - 1] : 0;

	tree->parent[id] = parent;
	tree->first_child[id] = tree->n_children[id] = 0;
	tree->depth[id] = (uint16_t)draft->depth;
	tree->start[id] = draft->start;
	tree->self[id] = draft->self;
	tree->total[id] = draft->total;
	if (d->descent.is_diff) {
		tree->base_self[id] = d->bases[from].self;
		tree->base_total[id] = d->bases[from].total;
	}
	if (d->is_union)
		tree->width[id] = descent_sum(
			drafts_larger(draft->self, d->bases[from].self), d->bases[from].hidden);
	if (draft->depth == 0)
		return;
	tree->name[id] = frame->name;
	tree->module[id] = frame->module;
	tree->kind[id] = frame->kind;
	if (tree->n_children[parent]++ == 0)
		tree->first_child[parent] = id;
}

static bool place_all(struct drafts *d, struct tree *tree)
{
	uint32_t *newest = calloc(d->max_depth + 1, sizeof(*newest));
	uint32_t *next = calloc(d->max_depth + 1, sizeof(*next));
	bool ok = newest && next && add_columns(d, tree);

	for (unsigned depth = 1; ok && depth <= d->max_depth; depth++)
		next[depth] = next[depth - 1] + (uint32_t)d->n_at_depth[depth - 1];
	for (size_t i = 0; ok && i < d->count; i++) {
		uint32_t depth = d->all[i].depth;

		newest[depth] = next[depth]++;
		place(d, tree, newest, i, newest[depth]);
	}
	free(newest);
	free(next);
	return ok;
}

static bool finish_columns(struct drafts *d, struct tree *tree)
{
	uint32_t all = strings_add(&d->descent.frames.names, VIEW("all"));

	if (all == STRINGS_NONE || !place_all(d, tree))
		return false;
	tree->n_nodes = d->count;
	tree->name[0] = all;
	tree->module[0] = 0;
	tree->kind[0] = FRAME_GROUP;
	tree->max_depth = d->max_depth;
	tree->was_folded = d->was_folded;
	tree->had_negative = d->descent.had_negative;
	/* The names outlive the rest of the frames. */
	tree->names = d->descent.frames.names;
	d->descent.frames.names = (struct strings){ 0 };
	return true;
}

/* Widths from the leaves to the root, then the places from the root to the leaves. */
static void lay_out_union(struct tree *tree)
{
	for (size_t i = tree->n_nodes; i-- > 1;) {
		uint64_t *parent = &tree->width[tree->parent[i]];

		*parent = descent_sum(*parent, tree->width[i]);
	}
	for (size_t i = 0; i < tree->n_nodes; i++) {
		uint64_t own = drafts_larger(tree->self[i], tree->base_self[i]);
		uint64_t at = descent_sum(tree->start[i], own);

		for (uint32_t k = 0; k < tree->n_children[i]; k++) {
			tree->start[tree->first_child[i] + k] = at;
			at = descent_sum(at, tree->width[tree->first_child[i] + k]);
		}
	}
}

static int build(const struct profile *profile, const struct tree_options *options,
	struct tree *ret, struct err *err)
{
	struct drafts drafts;
	int rc = drafts_build(&drafts, profile, options, err);

	if (rc == 0 && !finish_columns(&drafts, ret))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0 && drafts.is_union)
		lay_out_union(ret);
	drafts_fini(&drafts);
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
