/*
 * drafts: the nodes of a tree in the order in which the walk meets them.
 *
 * Depth first, because that is how stacks lie in memory. The items (places in the stacks of
 * the profile) that wait to become nodes lie on one array, those to draw first at its end; the
 * run there with one parent and one name is the next node, and what follows its items takes
 * their place. So nothing is looked up in a hash, and the depth of a stack costs no depth of
 * calls.
 */
#include "model/drafts.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/siblings.h"

#define ITEMS_MAX ((uint64_t)1 << 28) /* inverted, a stack is visited for each leaf above it */

struct drafter {
	struct drafts *to;
	const struct tree_options *options;
	struct siblings siblings;
	size_t nodes_max, depth_max;
	struct items waiting, found;
	uint64_t items_seen;
	uint64_t *cursor; /* owned: where the next node of a depth starts */
	size_t cap_cursor;
};

static void add_values(const struct drafter *d, const struct item *item, struct draft *draft,
	struct draft_base *base)
{
	uint64_t self = descent_self(&d->to->descent, item);
	uint64_t base_self = descent_base_self(&d->to->descent, item);
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
static void choose_frame(const struct drafter *d, const struct item *item, struct draft *draft)
{
	const struct frame *frame = descent_frame(&d->to->descent, item);
	const struct frame *all = d->to->descent.frames.all;

	if (draft->frame == DRAFT_NO_FRAME || frame->kind < all[draft->frame].kind)
		draft->frame = (uint32_t)(frame - all);
}

/* Takes the next node's items from the end of those that wait; they stay readable there. */
static const struct item *take_run(
	struct drafter *d, size_t *ret_count, struct draft *draft, struct draft_base *base)
{
	const struct item *at = d->waiting.at;
	size_t end = d->waiting.count, first = end;
	uint32_t node = at[end - 1].node, name = at[end - 1].name;

	while (first > 0 && at[first - 1].node == node && at[first - 1].name == name) {
		first--;
		add_values(d, &at[first], draft, base);
		choose_frame(d, &at[first], draft);
	}
	d->waiting.count = first;
	*ret_count = end - first;
	return &at[first];
}

static int add_draft(struct drafter *d, struct draft *draft, const struct draft_base *base)
{
	struct draft *added;
	size_t depth = draft->depth;

	if (d->to->count >= d->nodes_max)
		return ERR_LIMIT;
	if (!VEC_FITS(d->cursor, d->cap_cursor, depth + 2) ||
		!VEC_FITS(d->to->n_at_depth, d->to->cap_n_at_depth, depth + 1))
		return ERR_NOMEM;
	if (d->to->count == 0 || depth > d->to->max_depth) {
		d->to->n_at_depth[depth] = 0;
		d->to->max_depth = (unsigned)depth;
	}
	d->to->n_at_depth[depth]++;
	d->cursor[depth + 1] = descent_sum(draft->start, draft->self);
	added = VEC_ADD(d->to->all, d->to->count, d->to->cap);
	if (!added)
		return ERR_NOMEM;
	*added = *draft;
	if (d->to->descent.is_diff) {
		if (!VEC_FITS(d->to->bases, d->to->cap_bases, d->to->n_bases + 1))
			return ERR_NOMEM;
		d->to->bases[d->to->n_bases++] = *base;
	}
	return 0;
}

/* In a union the width is not known before the children are: this bound is never too small. */
static bool is_narrow(
	const struct drafter *d, const struct draft *draft, const struct draft_base *base)
{
	uint64_t bound = d->to->is_union ? descent_sum(draft->total, base->total) : draft->total;

	return bound < d->options->width_min;
}

/* Puts what was found after the newest node to those that wait. */
static int wait_found(struct drafter *d)
{
	struct items *waiting = &d->waiting;

	d->items_seen += d->found.count;
	if (d->items_seen > ITEMS_MAX)
		return ERR_LIMIT;
	siblings_sort(&d->to->descent, &d->found);
	if (d->options->order == TREE_AS_TEXT &&
		!siblings_order_as_text(&d->siblings, &d->to->descent, &d->found))
		return ERR_NOMEM;
	if (!VEC_FITS(waiting->at, waiting->cap, waiting->count + d->found.count))
		return ERR_NOMEM;
	for (size_t i = 0; i < d->found.count; i++) {
		waiting->at[waiting->count] = d->found.at[i];
		waiting->at[waiting->count++].node = (uint32_t)d->to->count - 1;
	}
	d->found.count = 0;
	return 0;
}

static int add_root(struct drafter *d)
{
	struct item self, whole;
	struct draft draft = { .frame = DRAFT_NO_FRAME };
	struct draft_base base = { 0 };
	int rc;

	descent_root(&d->to->descent, &self, &whole);
	draft.self = self.total;
	draft.total = whole.total;
	base.self = self.base;
	base.total = whole.base;
	rc = add_draft(d, &draft, &base);
	if (rc < 0)
		return rc;
	return descent_start(&d->to->descent, &d->found) ? wait_found(d) : ERR_NOMEM;
}

/* Beyond depth_max all that would come is the node's own. */
static void fold(struct drafter *d, struct draft *draft, struct draft_base *base)
{
	d->to->was_folded |= draft->self != draft->total || base->self != base->total;
	draft->self = draft->total;
	base->self = base->total;
}

static int add_next_node(struct drafter *d)
{
	uint32_t parent = d->waiting.at[d->waiting.count - 1].node;
	struct draft draft = { .frame = DRAFT_NO_FRAME, .depth = d->to->all[parent].depth + 1 };
	struct draft_base base = { 0 };
	size_t n_items;
	const struct item *items = take_run(d, &n_items, &draft, &base);
	int rc;

	draft.start = d->cursor[draft.depth];
	d->cursor[draft.depth] = descent_sum(draft.start, draft.total);
	if (is_narrow(d, &draft, &base)) {
		if (d->to->is_union)
			d->to->bases[parent].hidden = descent_sum(d->to->bases[parent].hidden,
				drafts_larger(draft.total, base.total));
		return 0;
	}
	if (draft.depth >= d->depth_max) {
		fold(d, &draft, &base);
		n_items = 0;
	}
	rc = add_draft(d, &draft, &base);
	for (size_t i = 0; rc == 0 && i < n_items; i++)
		if (items[i].part != ITEM_OWN &&
			!descent_next(&d->to->descent, items[i], &d->found))
			rc = ERR_NOMEM;
	return rc < 0 ? rc : wait_found(d);
}

static int explain(const struct drafter *d, int rc, struct err *err)
{
	if (rc == ERR_LIMIT && d->items_seen > ITEMS_MAX)
		return err_set(err, rc, "the stacks are too many and too deep to turn upside down");
	if (rc == ERR_LIMIT)
		return err_set(err, rc,
			"the flame graph has more than %zu frames: leave out narrow ones, or focus",
			d->nodes_max);
	return rc < 0 ? err_set(err, rc, "out of memory") : 0;
}

static size_t depth_limit(const struct tree_options *options)
{
	size_t depth = options->depth_max ? options->depth_max : TREE_DEPTH_DEFAULT;

	return depth < TREE_DEPTH_LIMIT ? depth : TREE_DEPTH_LIMIT;
}

static int draft_all(struct drafter *d)
{
	struct drafts *to = d->to;
	size_t n_stacks = to->descent.profile->stacks.count;
	int rc;

	/* One frame a stack is the usual: reserved at once, nothing has to move. */
	if (d->options->width_min < 2 && n_stacks <= d->nodes_max)
		(void)VEC_FITS(to->all, to->cap, n_stacks + 1);
	rc = add_root(d);
	while (rc == 0 && d->waiting.count)
		rc = add_next_node(d);
	return rc;
}

int drafts_build(struct drafts *drafts, const struct profile *profile,
	const struct tree_options *options, struct err *err)
{
	struct drafter d = {
		.to = drafts,
		.options = options,
		.depth_max = depth_limit(options),
		.nodes_max = options->nodes_max ? options->nodes_max : TREE_NODES_DEFAULT,
	};
	const struct descent_options how = { options->type, options->base_type,
		options->granularity, options->inverted };
	int rc;

	*drafts = (struct drafts){ 0 };
	rc = descent_init(&drafts->descent, profile, &how, err);
	if (rc < 0)
		return rc;
	drafts->is_union = drafts->descent.is_diff && options->width == TREE_WIDTH_UNION;
	rc = draft_all(&d);
	siblings_fini(&d.siblings);
	free(d.waiting.at);
	free(d.found.at);
	free(d.cursor);
	return explain(&d, rc, err);
}

void drafts_fini(struct drafts *drafts)
{
	descent_fini(&drafts->descent);
	free(drafts->all);
	free(drafts->bases);
	free(drafts->n_at_depth);
	*drafts = (struct drafts){ 0 };
}
