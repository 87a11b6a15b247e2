/* flamebearer: a flame graph as Pyroscope's readers want it: bars, level by level. */
#include "codec/flamebearer.h"

#include <stdlib.h>

#include "model/descent.h"
#include "model/prune.h"
#include "wire/proto.h"

#define OTHER UINT32_MAX /* no node of the tree */

enum { GRAPH_NAMES = 1, GRAPH_LEVELS, GRAPH_TOTAL, GRAPH_MAX_SELF, DIFF_LEFT, DIFF_RIGHT };

struct side {
	uint64_t start, total, self;
};

struct bar {
	uint32_t node;
	struct side right, left; /* of one profile: right */
};

struct drawing {
	const struct tree *tree;
	struct prune prune;
	struct flamebearer *into;
	struct bar *bars; /* a queue: in level order */
	size_t n_bars;
	uint32_t *index_of; /* of a name of the tree, plus one */
	uint32_t other;     /* index of "other", plus one */
	size_t n_numbers;
};

static int64_t number_of(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static uint32_t add_name(struct drawing *d, struct view name)
{
	d->into->names[d->into->n_names++] = name;
	return (uint32_t)d->into->n_names;
}

static uint32_t index_of(struct drawing *d, uint32_t node)
{
	uint32_t *slot = node == OTHER ? &d->other : &d->index_of[d->tree->name[node]];

	if (node == 0)
		return add_name(d, VIEW("total")) - 1; /* a function may have the root's name */
	if (*slot == 0)
		*slot = add_name(d, node == OTHER
					    ? VIEW(FLAMEBEARER_OTHER)
					    : strings_at(&d->tree->names, d->tree->name[node]));
	return *slot - 1;
}

static void put_side(struct drawing *d, const struct side *side, uint64_t *end)
{
	int64_t *at = d->into->numbers + d->n_numbers;
	int64_t self = number_of(side->self);

	at[0] = number_of(side->start - *end);
	at[1] = number_of(side->total);
	at[2] = self;
	*end = descent_sum(side->start, side->total);
	d->n_numbers += 3;
	if (self > d->into->max_self)
		d->into->max_self = self;
}

static void add_bar(struct drawing *d, struct bar bar, struct bar *parent)
{
	bar.right.start = parent->right.start;
	bar.left.start = parent->left.start;
	parent->right.start = descent_sum(parent->right.start, bar.right.total);
	parent->left.start = descent_sum(parent->left.start, bar.left.total);
	d->bars[d->n_bars++] = bar;
}

static struct bar bar_of(const struct tree *tree, uint32_t node)
{
	struct bar bar = { .node = node, .right = { 0, tree->total[node], tree->self[node] } };

	if (tree->base_total)
		bar.left = (struct side){ 0, tree->base_total[node], tree->base_self[node] };
	return bar;
}

/* `parent` is used up: its starts become those of its next child. */
static void add_children(struct drawing *d, struct bar parent)
{
	const struct tree *tree = d->tree;
	struct bar other = { .node = OTHER };

	if (parent.node == OTHER)
		return;
	parent.right.start = descent_sum(parent.right.start, parent.right.self);
	parent.left.start = descent_sum(parent.left.start, parent.left.self);
	for (uint32_t i = 0; i < tree->n_children[parent.node]; i++) {
		uint32_t child = tree->first_child[parent.node] + i;

		if (d->prune.kept[child])
			add_bar(d, bar_of(tree, child), &parent);
	}
	other.right.total = other.right.self = d->prune.other[parent.node];
	if (d->prune.base_other)
		other.left.total = other.left.self = d->prune.base_other[parent.node];
	if (other.right.total || other.left.total)
		add_bar(d, other, &parent);
}

static void draw(struct drawing *d)
{
	size_t at = 0;

	d->bars[d->n_bars++] = bar_of(d->tree, 0);
	while (at < d->n_bars) {
		uint64_t right_end = 0, left_end = 0;

		for (size_t end = d->n_bars; at < end; at++) {
			struct bar bar = d->bars[at]; /* adding does not move it: there is room */

			if (d->into->is_diff)
				put_side(d, &bar.left, &left_end);
			put_side(d, &bar.right, &right_end);
			d->into->numbers[d->n_numbers++] = index_of(d, bar.node);
			add_children(d, bar);
		}
		d->into->level_ends[d->into->n_levels++] = d->n_numbers;
	}
}

static bool make_room(struct drawing *d)
{
	struct flamebearer *into = d->into;
	size_t bars = 2 * (d->prune.n_kept + 1), names = d->tree->names.count + 2;

	d->bars = calloc(bars, sizeof(*d->bars));
	d->index_of = calloc(names, sizeof(*d->index_of));
	into->names = calloc(names, sizeof(*into->names));
	into->numbers = calloc(bars * (into->is_diff ? 7 : 4), sizeof(*into->numbers));
	into->level_ends = calloc((size_t)d->tree->max_depth + 2, sizeof(*into->level_ends));
	return d->bars && d->index_of && into->names && into->numbers && into->level_ends;
}

int flamebearer_make(
	const struct tree *tree, size_t nodes_max, struct flamebearer *ret, struct err *err)
{
	struct drawing d = { .tree = tree, .into = ret };
	int rc;

	*ret = (struct flamebearer){ .is_diff = tree->base_total };
	rc = prune(tree, nodes_max, VIEW(FLAMEBEARER_OTHER), &d.prune, err);
	if (rc == 0 && !make_room(&d))
		rc = err_set(err, ERR_NOMEM, "out of memory for the flame graph");
	if (rc == 0) {
		draw(&d);
		ret->right = number_of(tree->total[0]);
		ret->left = ret->is_diff ? number_of(tree->base_total[0]) : 0;
		ret->total = number_of((uint64_t)ret->left + (uint64_t)ret->right);
	}
	free(d.bars);
	free(d.index_of);
	prune_fini(&d.prune);
	return rc;
}

void flamebearer_fini(struct flamebearer *flamebearer)
{
	free(flamebearer->names);
	free(flamebearer->numbers);
	free(flamebearer->level_ends);
	*flamebearer = (struct flamebearer){ 0 };
}

void flamebearer_proto(const struct flamebearer *f, struct buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < f->n_names; i++)
		proto_put_text(out, GRAPH_NAMES, f->names[i]);
	for (size_t i = 0; i < f->n_levels; i++) {
		size_t level = proto_begin(out, GRAPH_LEVELS), packed = proto_begin(out, 1);

		for (; at < f->level_ends[i]; at++)
			proto_put_varint(out, (uint64_t)f->numbers[at]);
		proto_end(out, packed);
		proto_end(out, level);
	}
	proto_put_number(out, GRAPH_TOTAL, (uint64_t)f->total);
	proto_put_number(out, GRAPH_MAX_SELF, (uint64_t)f->max_self);
	if (f->is_diff) {
		proto_put_number(out, DIFF_LEFT, (uint64_t)f->left);
		proto_put_number(out, DIFF_RIGHT, (uint64_t)f->right);
	}
}

void flamebearer_json(const struct flamebearer *f, struct json *json)
{
	size_t at = 0;

	json_object(json);
	json_key(json, "names"), json_array(json);
	for (size_t i = 0; i < f->n_names; i++)
		json_text(json, f->names[i]);
	json_array_end(json);
	json_key(json, "levels"), json_array(json);
	for (size_t i = 0; i < f->n_levels; i++) {
		json_array(json);
		for (; at < f->level_ends[i]; at++)
			json_i64(json, f->numbers[at]);
		json_array_end(json);
	}
	json_array_end(json);
	json_key(json, "numTicks"), json_i64(json, f->total);
	json_key(json, "maxSelf"), json_i64(json, f->max_self);
	json_object_end(json);
}
