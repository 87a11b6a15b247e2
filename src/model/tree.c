/*
 * tree: a profile as a flame graph, ready to draw.
 *
 * Built depth first, because that is how stacks lie in memory. The items (places in the
 * stacks of the profile) that wait to become nodes lie on one array, those to draw first at
 * its end; the run there with one parent and one name is the next node, and what follows
 * its items takes their place. So nothing is looked up in a hash, and the depth of a stack
 * costs no depth of calls. The drafts of the nodes then move to their places in level order:
 * nodes of one depth are drafted from left to right already.
 */
#include "model/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"
#include "model/copy.h"
#include "model/siblings.h"

#define ITEMS_MAX ((uint64_t)1 << 28) /* inverted, a stack is visited for each leaf above it */
#define NO_FRAME UINT32_MAX

struct draft {
	uint64_t start, self, total;
	uint32_t frame; /* in frames.all; NO_FRAME: the root */
	uint32_t depth;
};

/* The other side of a diff. `hidden` is the width of children too narrow to be nodes. */
struct draft_base {
	uint64_t self, total, hidden;
};

struct builder {
	const struct tree_options *options;
	struct descent descent;
	struct siblings siblings;
	size_t nodes_max, depth_max;
	struct items waiting, found;
	uint64_t items_seen;

	struct draft *drafts; /* owned */
	size_t n_drafts, cap_drafts;
	struct draft_base *bases; /* owned; of a diff only */
	size_t n_bases, cap_bases;
	uint64_t *cursor; /* owned: where the next node of a depth starts */
	size_t cap_cursor;
	size_t *n_at_depth; /* owned */
	size_t cap_n_at_depth;
	unsigned max_depth;
	bool was_folded;
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

/* ---- drafting ---- */

static void add_values(const struct builder *b, const struct item *item, struct draft *draft,
	struct draft_base *base)
{
	uint64_t self = descent_self(&b->descent, item);
	uint64_t base_self = descent_base_self(&b->descent, item);
	uint64_t total = item->total, base_total = item->base;

	if (item->part == ITEM_OWN) {
		total = self;
		base_total = base_self;
	} else if (item->part == ITEM_REST) {
		total -= self;
		base_total -= base_self;
		self = base_self = 0;
	}
	draft->self = descent_sum(draft->self, self);
	draft->total = descent_sum(draft->total, total);
	base->self = descent_sum(base->self, base_self);
	base->total = descent_sum(base->total, base_total);
}

/* A function may be inlined here and called there: the lower kind, the plain call, is shown. */
static void choose_frame(const struct builder *b, const struct item *item, struct draft *draft)
{
	const struct frame *frame = descent_frame(&b->descent, item);
	const struct frame *all = b->descent.frames.all;

	if (draft->frame == NO_FRAME || frame->kind < all[draft->frame].kind)
		draft->frame = (uint32_t)(frame - all);
}

/* Takes the next node's items from the end of those that wait; they stay readable there. */
static const struct item *take_run(
	struct builder *b, size_t *ret_count, struct draft *draft, struct draft_base *base)
{
	const struct item *at = b->waiting.at;
	size_t end = b->waiting.count, first = end;
	uint32_t node = at[end - 1].node, name = at[end - 1].name;

	while (first > 0 && at[first - 1].node == node && at[first - 1].name == name) {
		first--;
		add_values(b, &at[first], draft, base);
		choose_frame(b, &at[first], draft);
	}
	b->waiting.count = first;
	*ret_count = end - first;
	return &at[first];
}

static int add_draft(struct builder *b, struct draft *draft, const struct draft_base *base)
{
	struct draft *added;
	size_t depth = draft->depth;

	if (b->n_drafts >= b->nodes_max)
		return ERR_LIMIT;
	if (!VEC_FITS(b->cursor, b->cap_cursor, depth + 2) ||
		!VEC_FITS(b->n_at_depth, b->cap_n_at_depth, depth + 1))
		return ERR_NOMEM;
	if (b->n_drafts == 0 || depth > b->max_depth) {
		b->n_at_depth[depth] = 0;
		b->max_depth = (unsigned)depth;
	}
	b->n_at_depth[depth]++;
	b->cursor[depth + 1] = descent_sum(draft->start, draft->self);
	added = VEC_ADD(b->drafts, b->n_drafts, b->cap_drafts);
	if (!added)
		return ERR_NOMEM;
	*added = *draft;
	if (b->descent.is_diff) {
		if (!VEC_FITS(b->bases, b->cap_bases, b->n_bases + 1))
			return ERR_NOMEM;
		b->bases[b->n_bases++] = *base;
	}
	return 0;
}

/* In a union the width is not known before the children are: this bound is never too small. */
static bool is_narrow(
	const struct builder *b, const struct draft *draft, const struct draft_base *base)
{
	uint64_t bound = is_union(b) ? descent_sum(draft->total, base->total) : draft->total;

	return bound < b->options->width_min;
}

/* Puts what was found after the newest node to those that wait. */
static int wait_found(struct builder *b)
{
	struct items *waiting = &b->waiting;

	b->items_seen += b->found.count;
	if (b->items_seen > ITEMS_MAX)
		return ERR_LIMIT;
	siblings_sort(&b->descent, &b->found);
	if (b->options->order == TREE_AS_TEXT &&
		!siblings_order_as_text(&b->siblings, &b->descent, &b->found))
		return ERR_NOMEM;
	if (!VEC_FITS(waiting->at, waiting->cap, waiting->count + b->found.count))
		return ERR_NOMEM;
	for (size_t i = 0; i < b->found.count; i++) {
		waiting->at[waiting->count] = b->found.at[i];
		waiting->at[waiting->count++].node = (uint32_t)b->n_drafts - 1;
	}
	b->found.count = 0;
	return 0;
}

static int add_root(struct builder *b)
{
	struct item self, whole;
	struct draft draft = { .frame = NO_FRAME };
	struct draft_base base = { 0 };
	int rc;

	descent_root(&b->descent, &self, &whole);
	draft.self = self.total;
	draft.total = whole.total;
	base.self = self.base;
	base.total = whole.base;
	rc = add_draft(b, &draft, &base);
	if (rc < 0)
		return rc;
	return descent_start(&b->descent, &b->found) ? wait_found(b) : ERR_NOMEM;
}

/* Beyond depth_max all that would come is the node's own. */
static void fold(struct builder *b, struct draft *draft, struct draft_base *base)
{
	b->was_folded |= draft->self != draft->total || base->self != base->total;
	draft->self = draft->total;
	base->self = base->total;
}

static int add_next_node(struct builder *b)
{
	uint32_t parent = b->waiting.at[b->waiting.count - 1].node;
	struct draft draft = { .frame = NO_FRAME, .depth = b->drafts[parent].depth + 1 };
	struct draft_base base = { 0 };
	size_t n_items;
	const struct item *items = take_run(b, &n_items, &draft, &base);
	int rc;

	draft.start = b->cursor[draft.depth];
	b->cursor[draft.depth] = descent_sum(draft.start, draft.total);
	if (is_narrow(b, &draft, &base)) {
		if (is_union(b))
			b->bases[parent].hidden = descent_sum(
				b->bases[parent].hidden, larger(draft.total, base.total));
		return 0;
	}
	if (draft.depth >= b->depth_max) {
		fold(b, &draft, &base);
		n_items = 0;
	}
	rc = add_draft(b, &draft, &base);
	for (size_t i = 0; rc == 0 && i < n_items; i++)
		if (items[i].part != ITEM_OWN && !descent_next(&b->descent, items[i], &b->found))
			rc = ERR_NOMEM;
	return rc < 0 ? rc : wait_found(b);
}

/* ---- from drafts to columns ---- */

static bool add_column(void *column, size_t size, size_t n)
{
	void **at = column;

	*at = malloc(size * n);
	if (*at)
		vec_advise(*at, size * n);
	return *at;
}

#define COLUMN(column) add_column(&(column), sizeof(*(column)), b->n_drafts)

static bool add_columns(struct builder *b, struct tree *tree)
{
	if (!COLUMN(tree->parent) || !COLUMN(tree->first_child) || !COLUMN(tree->n_children) ||
		!COLUMN(tree->name) || !COLUMN(tree->module) || !COLUMN(tree->depth) ||
		!COLUMN(tree->kind) || !COLUMN(tree->start) || !COLUMN(tree->self) ||
		!COLUMN(tree->total))
		return false;
	if (b->descent.is_diff && (!COLUMN(tree->base_self) || !COLUMN(tree->base_total)))
		return false;
	if (is_union(b))
		return COLUMN(tree->width);
	tree->width = tree->total;
	return true;
}

static void place(const struct builder *b, struct tree *tree, const uint32_t *newest, size_t from,
	uint32_t id)
{
	const struct draft *draft = &b->drafts[from];
	const struct frame *frame = &b->descent.frames.all[draft->frame];
	uint32_t parent = draft->depth ? newest[draft->depth - 1] : 0;

	tree->parent[id] = parent;
	tree->first_child[id] = tree->n_children[id] = 0;
	tree->depth[id] = (uint16_t)draft->depth;
	tree->start[id] = draft->start;
	tree->self[id] = draft->self;
	tree->total[id] = draft->total;
	if (b->descent.is_diff) {
		tree->base_self[id] = b->bases[from].self;
		tree->base_total[id] = b->bases[from].total;
	}
	if (is_union(b))
		tree->width[id] = descent_sum(
			larger(draft->self, b->bases[from].self), b->bases[from].hidden);
	if (draft->depth == 0)
		return;
	tree->name[id] = frame->name;
	tree->module[id] = frame->module;
	tree->kind[id] = frame->kind;
	if (tree->n_children[parent]++ == 0)
		tree->first_child[parent] = id;
}

static bool place_all(struct builder *b, struct tree *tree)
{
	uint32_t *newest = calloc(b->max_depth + 1, sizeof(*newest));
	uint32_t *next = calloc(b->max_depth + 1, sizeof(*next));
	bool ok = newest && next && add_columns(b, tree);

	for (unsigned depth = 1; ok && depth <= b->max_depth; depth++)
		next[depth] = next[depth - 1] + (uint32_t)b->n_at_depth[depth - 1];
	for (size_t i = 0; ok && i < b->n_drafts; i++) {
		uint32_t depth = b->drafts[i].depth;

		newest[depth] = next[depth]++;
		place(b, tree, newest, i, newest[depth]);
	}
	free(newest);
	free(next);
	return ok;
}

static bool finish_columns(struct builder *b, struct tree *tree)
{
	uint32_t all = strings_add(&b->descent.frames.names, VIEW("all"));

	if (all == STRINGS_NONE || !place_all(b, tree))
		return false;
	tree->n_nodes = b->n_drafts;
	tree->name[0] = all;
	tree->module[0] = 0;
	tree->kind[0] = FRAME_GROUP;
	tree->max_depth = b->max_depth;
	tree->was_folded = b->was_folded;
	tree->had_negative = b->descent.had_negative;
	/* The names outlive the rest of the frames. */
	tree->names = b->descent.frames.names;
	b->descent.frames.names = (struct strings){ 0 };
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
		uint64_t own = larger(tree->self[i], tree->base_self[i]);
		uint64_t at = descent_sum(tree->start[i], own);

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

static void fini(struct builder *b)
{
	descent_fini(&b->descent);
	siblings_fini(&b->siblings);
	free(b->waiting.at);
	free(b->found.at);
	free(b->drafts);
	free(b->bases);
	free(b->cursor);
	free(b->n_at_depth);
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
		.depth_max = depth_limit(options),
		.nodes_max = options->nodes_max ? options->nodes_max : TREE_NODES_DEFAULT,
	};
	const struct descent_options how = { options->type, options->base_type,
		options->granularity, options->inverted };
	int rc = descent_init(&b.descent, profile, &how, err);

	if (rc == 0) {
		/* One frame a stack is the usual: reserved at once, nothing has to move. */
		if (options->width_min < 2 && profile->stacks.count <= b.nodes_max)
			(void)VEC_FITS(b.drafts, b.cap_drafts, profile->stacks.count + 1);
		rc = add_root(&b);
		while (rc == 0 && b.waiting.count)
			rc = add_next_node(&b);
		if (rc == 0 && !finish_columns(&b, ret))
			rc = ERR_NOMEM;
		rc = explain(&b, rc, err);
	}
	if (rc == 0 && is_union(&b))
		lay_out_union(ret);
	fini(&b);
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
