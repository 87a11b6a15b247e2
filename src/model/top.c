/* top: what each function costs, itself and with all it calls. */
#include "model/top.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/passage.h"

#define NO_ROW UINT32_MAX

struct counter {
	struct passage passage;
	struct top *top;
	size_t cap_rows;
	uint32_t *row_of;  /* owned; name -> row */
	uint32_t *on_path; /* owned; name -> how many times it is on the path now */
	uint32_t *path;    /* owned; names */
	size_t depth, cap_path;
	struct map edges; /* (caller, callee) -> 1 + whether every such call is inlined */
};

static struct top_row *row_for(struct counter *c, const struct frame *frame)
{
	struct top *top = c->top;
	struct top_row *row;

	if (c->row_of[frame->name] == NO_ROW) {
		row = VEC_ADD(top->rows, top->n_rows, c->cap_rows);
		if (!row)
			return NULL;
		*row = (struct top_row){
			.name = frame->name, .module = frame->module, .kind = frame->kind
		};
		c->row_of[frame->name] = (uint32_t)top->n_rows - 1;
	}
	row = &top->rows[c->row_of[frame->name]];
	if (frame->kind < row->kind) {
		row->kind = frame->kind;
		row->module = frame->module;
	}
	return row;
}

static bool note_edge(struct counter *c, uint32_t callee, bool is_inlined)
{
	uint32_t caller = c->depth ? c->path[c->depth - 1] : callee;
	uint64_t *edge;
	bool is_new;

	if (caller == callee)
		return true;
	edge = map_add(&c->edges, (uint64_t)caller << 32 | callee, &is_new);
	if (!edge)
		return false;
	*edge = 1 + (is_inlined && (is_new || *edge == 2));
	return true;
}

static bool enter(void *state, uint32_t stack, uint32_t line, bool is_leaf)
{
	struct counter *c = state;
	const struct passage *p = &c->passage;
	const struct frame *frame = passage_frame(p, stack, line);
	struct top_row *row = row_for(c, frame);

	if (!row || !note_edge(c, frame->name, line > 0) ||
		!VEC_FITS(c->path, c->cap_path, c->depth + 1))
		return false;
	c->path[c->depth++] = frame->name;
	if (is_leaf) {
		row->self = passage_sum(row->self, p->self[stack]);
		if (p->base_self)
			row->base_self = passage_sum(row->base_self, p->base_self[stack]);
	}
	if (c->on_path[frame->name]++)
		return true; /* recursion: this stack's value is in its total already */
	row->total = passage_sum(row->total, p->total[stack]);
	if (p->base_total)
		row->base_total = passage_sum(row->base_total, p->base_total[stack]);
	return true;
}

static void leave(void *state, uint32_t stack, uint32_t line)
{
	struct counter *c = state;

	c->on_path[passage_frame(&c->passage, stack, line)->name]--;
	c->depth--;
}

static bool tell_inlined(struct counter *c)
{
	uint8_t *seen = calloc(c->top->n_rows + 1, 1); /* bit 0: called, bit 1: inlined */
	size_t cursor = 0;
	struct map_slot *slot;

	if (!seen)
		return false;
	while ((slot = map_next(&c->edges, &cursor)))
		seen[c->row_of[(uint32_t)slot->key]] |= (uint8_t)slot->value;
	for (size_t i = 0; i < c->top->n_rows; i++)
		if (seen[i] & 2)
			c->top->rows[i].inlined = seen[i] & 1 ? TOP_PARTLY_INLINED : TOP_INLINED;
	free(seen);
	return true;
}

static uint64_t size_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static int compare_sizes(int64_t a, int64_t b)
{
	return (size_of(a) < size_of(b)) - (size_of(a) > size_of(b));
}

static int64_t change_of(const struct top_row *row)
{
	int64_t change;

	if (__builtin_sub_overflow(row->total, row->base_total, &change))
		return row->total < 0 ? INT64_MIN : INT64_MAX;
	return change;
}

static int compare_rows(const void *left, const void *right, void *order)
{
	const struct top_row *a = left, *b = right;
	int by = 0;

	switch (*(const enum top_order *)order) {
	case TOP_BY_SELF:
		by = compare_sizes(a->self, b->self);
		break;
	case TOP_BY_TOTAL:
		by = compare_sizes(a->total, b->total);
		break;
	case TOP_BY_CHANGE:
		by = compare_sizes(change_of(a), change_of(b));
		break;
	}
	return by ? by : (a->name > b->name) - (a->name < b->name);
}

static int count(struct counter *c, struct err *err)
{
	const struct passage_visitor visitor = { enter, leave, c };
	uint32_t n_names = c->passage.frames.n_sorted;

	c->row_of = malloc(n_names * sizeof(*c->row_of));
	c->on_path = calloc(n_names, sizeof(*c->on_path));
	if (!c->row_of || !c->on_path)
		return err_set(err, ERR_NOMEM, "out of memory");
	memset(c->row_of, 0xff, n_names * sizeof(*c->row_of));
	return passage_walk(&c->passage, &visitor, err);
}

int top_build(const struct profile *profile, const struct top_options *options, struct top *ret,
	struct err *err)
{
	struct counter c = { .top = ret };
	enum top_order order = options->order;
	const struct passage_options how = { options->type, options->base_type,
		options->granularity };
	int rc;

	*ret = (struct top){ 0 };
	rc = passage_init(&c.passage, profile, &how, err);
	if (rc == 0)
		rc = count(&c, err);
	if (rc == 0 && !tell_inlined(&c))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0) {
		if (ret->n_rows)
			qsort_r(ret->rows, ret->n_rows, sizeof(*ret->rows), compare_rows, &order);
		ret->whole = profile_total(profile, options->type);
		if (options->base_type >= 0)
			ret->base_whole = profile_total(profile, (size_t)options->base_type);
		ret->names = c.passage.frames.names;
		ret->n_sorted = c.passage.frames.n_sorted;
		c.passage.frames.names = (struct strings){ 0 };
	}
	passage_fini(&c.passage);
	free(c.row_of);
	free(c.on_path);
	free(c.path);
	map_fini(&c.edges);
	return rc;
}

void top_fini(struct top *top)
{
	strings_fini(&top->names);
	free(top->rows);
	*top = (struct top){ 0 };
}
