/* layout: a tree as the columns that the page draws. */
#include "render/layout.h"

#include <assert.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/tree.h"
#include "render/columns.h"

#define NODES_LIMIT ((size_t)1 << 24)

/* A node to write: one of the tree's, or `hidden` siblings from it on that are left out. */
struct node {
	uint32_t source, hidden;
	uint32_t n_children, frame;
	uint64_t self;
};

struct frame_of {
	uint32_t name, module; /* texts of the layout */
	uint8_t kind, family;
};

struct picture {
	const struct tree *tree;
	uint64_t from, to, width_min;
	bool pruned;

	struct node *nodes; /* owned, in level order */
	size_t n_nodes, cap_nodes;
	struct frame_of *frames; /* owned */
	size_t n_frames, cap_frames;
	uint32_t *texts; /* owned: names of the tree */
	size_t n_texts, cap_texts;
	struct map text_of, frame_of;
};

static void picture_fini(struct picture *p)
{
	free(p->nodes);
	free(p->frames);
	free(p->texts);
	map_fini(&p->text_of);
	map_fini(&p->frame_of);
}

static bool add_text(struct picture *p, uint32_t name, uint32_t *ret)
{
	bool is_new;
	uint64_t *found = map_add(&p->text_of, name, &is_new);
	uint32_t *added;

	if (!found)
		return false;
	if (is_new) {
		*found = p->n_texts;
		added = VEC_ADD(p->texts, p->n_texts, p->cap_texts);
		if (!added)
			return false;
		*added = name;
	}
	*ret = (uint32_t)*found;
	return true;
}

/* Groups keep their kind whatever they are called, and so does what stands for many frames. */
static uint8_t family_of(const struct tree *tree, uint8_t kind, uint32_t name, uint32_t module)
{
	if (kind != FRAME_INLINED)
		return kind;
	return (uint8_t)frames_family(
		strings_at(&tree->names, module), strings_at(&tree->names, name));
}

/* Names, modules and kinds that occur together are written once; nodes say which. */
static bool add_frame(struct picture *p, struct node *node)
{
	const struct tree *tree = p->tree;
	uint8_t kind = node->hidden ? LAYOUT_ELIDED : tree->kind[node->source];
	uint32_t name = node->hidden ? 0 : tree->name[node->source];
	uint32_t module = node->hidden ? 0 : tree->module[node->source];
	struct frame_of *added;
	bool is_new;
	uint64_t *found;

	assert(module < UINT32_C(1) << 29 && kind < 8);
	found = map_add(&p->frame_of, (uint64_t)name << 32 | module << 3 | kind, &is_new);
	if (!found)
		return false;
	if (is_new) {
		*found = p->n_frames;
		added = VEC_ADD(p->frames, p->n_frames, p->cap_frames);
		if (!added)
			return false;
		added->kind = kind;
		added->family = family_of(tree, kind, name, module);
		if (!add_text(p, name, &added->name) || !add_text(p, module, &added->module))
			return false;
	}
	node->frame = (uint32_t)*found;
	return true;
}

static bool add_node(struct picture *p, struct node node)
{
	struct node *added;

	if (!add_frame(p, &node))
		return false;
	added = VEC_ADD(p->nodes, p->n_nodes, p->cap_nodes);
	if (added)
		*added = node;
	return added != NULL;
}

static bool is_seen(const struct picture *p, uint32_t node)
{
	uint64_t start = p->tree->start[node], total = p->tree->total[node];

	return !p->pruned || (total >= p->width_min && start < p->to && start + total > p->from);
}

/* Adds what node i leads to; siblings that are not seen are gathered. */
static bool add_children(struct picture *p, size_t i)
{
	const struct tree *tree = p->tree;
	uint32_t parent = p->nodes[i].source, before = (uint32_t)p->n_nodes;
	uint32_t c = tree->first_child[parent], end = c + tree->n_children[parent];
	struct node gathered = { 0 };

	for (; c < end; c++) {
		bool seen = is_seen(p, c);

		if (!seen && tree->total[c]) {
			if (!gathered.hidden)
				gathered.source = c;
			gathered.hidden++;
			gathered.self += tree->total[c];
		}
		if (gathered.hidden && (seen || c + 1 == end)) {
			if (!add_node(p, gathered))
				return false;
			gathered.hidden = 0;
			gathered.self = 0;
		}
		if (seen && !add_node(p, (struct node){ .source = c, .self = tree->self[c] }))
			return false;
	}
	p->nodes[i].n_children = (uint32_t)p->n_nodes - before;
	return true;
}

static bool gather(struct picture *p)
{
	if (!add_node(p, (struct node){ .source = 0, .self = p->tree->self[0] }))
		return false;
	for (size_t i = 0; i < p->n_nodes; i++)
		if (!p->nodes[i].hidden && !add_children(p, i))
			return false;
	return true;
}

static void write_header(const struct picture *p, struct buf *out)
{
	columns_add_u32(out, LAYOUT_MAGIC);
	columns_add_u32(
		out, (p->pruned ? LAYOUT_PRUNED : 0) | (p->tree->base_self ? LAYOUT_PAIR : 0));
	columns_add_u32(out, (uint32_t)p->n_nodes);
	columns_add_u32(out, (uint32_t)p->n_frames);
	columns_add_u32(out, (uint32_t)p->n_texts);
	columns_add_u32(out, (uint32_t)p->tree->n_nodes);
}

static void write_texts(const struct picture *p, struct buf *out)
{
	size_t at = columns_begin(out);

	for (size_t i = 0; i < p->n_texts; i++)
		columns_add(out, strings_at(&p->tree->names, p->texts[i]).len);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_texts; i++)
		buf_add_view(out, strings_at(&p->tree->names, p->texts[i]));
	columns_end(out, at);
}

static void write_frames(const struct picture *p, struct buf *out)
{
	size_t at = columns_begin(out);

	for (size_t i = 0; i < p->n_frames; i++)
		columns_add(out, p->frames[i].name);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_frames; i++)
		columns_add(out, p->frames[i].module);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_frames; i++)
		columns_add(out, p->frames[i].kind);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_frames; i++)
		columns_add(out, p->frames[i].family);
	columns_end(out, at);
}

static void write_nodes(const struct picture *p, struct buf *out)
{
	size_t at = columns_begin(out);

	for (size_t i = 0; i < p->n_nodes; i++)
		columns_add(out, p->nodes[i].n_children);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_nodes; i++)
		columns_add(out, p->nodes[i].frame);
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_nodes; i++)
		columns_add(out, p->nodes[i].self);
	columns_end(out, at);
}

/* Which nodes of the whole tree these are, and how many each elided one stands for. */
static void write_sources(const struct picture *p, struct buf *out)
{
	size_t at = columns_begin(out);
	uint32_t before = 0;

	for (size_t i = 0; i < p->n_nodes; i++) {
		assert(p->nodes[i].source >= before);
		columns_add(out, p->nodes[i].source - before);
		before = p->nodes[i].source;
	}
	columns_end(out, at);
	at = columns_begin(out);
	for (size_t i = 0; i < p->n_nodes; i++)
		if (p->nodes[i].hidden)
			columns_add(out, p->nodes[i].hidden);
	columns_end(out, at);
}

/* What the nodes of a diff had before. */
static void write_base(const struct picture *p, struct buf *out)
{
	size_t at = columns_begin(out);

	for (size_t i = 0; i < p->n_nodes; i++)
		columns_add(out, p->tree->base_self[p->nodes[i].source]);
	columns_end(out, at);
}

static void look(struct picture *p, const struct layout_options *options)
{
	uint64_t steps = options->steps ? options->steps : LAYOUT_STEPS, all = p->tree->total[0];
	size_t whole_max = options->whole_max ? options->whole_max : LAYOUT_NODES_OF_STEP * steps;

	p->from = options->from < all ? options->from : 0;
	p->to = options->to > p->from && options->to < all ? options->to : all;
	p->width_min = (p->to - p->from + steps - 1) / steps;
	p->pruned = p->tree->n_nodes > whole_max && !p->tree->base_self;
}

int layout_write(const struct tree *tree, const struct layout_options *options, struct buf *out,
	struct err *err)
{
	struct picture p = { .tree = tree };
	int rc = 0;

	assert(tree->n_nodes > 0);
	look(&p, options);
	if (!gather(&p)) {
		rc = err_set(
			err, ERR_NOMEM, "out of memory for a picture of %zu frames", tree->n_nodes);
	} else if (p.n_nodes > NODES_LIMIT) {
		rc = err_set(err, ERR_LIMIT, "the picture has %zu frames; the limit is %zu",
			p.n_nodes, NODES_LIMIT);
	} else {
		write_header(&p, out);
		write_texts(&p, out);
		write_frames(&p, out);
		write_nodes(&p, out);
		if (p.pruned)
			write_sources(&p, out);
		if (tree->base_self)
			write_base(&p, out);
		if (out->failed)
			rc = err_set(err, ERR_NOMEM, "out of memory for the picture");
	}
	picture_fini(&p);
	return rc;
}
