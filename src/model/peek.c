/* peek: who calls a function, and whom it calls, with what passes along each edge. */
#include "model/peek.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/passage.h"

#define NO_EDGE UINT32_MAX

/* One side's edges. */
struct side {
	struct peek_edge *edges; /* owned, until the result takes it */
	size_t n, cap;
	uint32_t *of;      /* owned; name -> edge */
	uint32_t *on_path; /* owned; name -> how many times its edge is on the path now */
};

struct viewer {
	struct passage passage;
	struct peek *peek;
	uint32_t name;
	uint32_t on_path;
	const struct frame **path; /* owned */
	size_t depth, cap_path;
	struct side callers, callees;
};

static bool init_side(struct side *side, size_t n_names)
{
	side->of = malloc(n_names * sizeof(*side->of));
	side->on_path = calloc(n_names, sizeof(*side->on_path));
	if (!side->of || !side->on_path)
		return false;
	memset(side->of, 0xff, n_names * sizeof(*side->of));
	return true;
}

static void fini_side(struct side *side)
{
	free(side->edges);
	free(side->of);
	free(side->on_path);
}

static bool add_edge(struct side *side, const struct frame *other, int64_t value)
{
	struct peek_edge *edge;

	if (side->on_path[other->name]++)
		return true;
	if (side->of[other->name] == NO_EDGE) {
		edge = VEC_ADD(side->edges, side->n, side->cap);
		if (!edge)
			return false;
		*edge = (struct peek_edge){ other->name, other->module, other->kind, 0 };
		side->of[other->name] = (uint32_t)side->n - 1;
	}
	edge = &side->edges[side->of[other->name]];
	edge->value = passage_sum(edge->value, value);
	return true;
}

/* The edge between the last two frames of the path, if it is one of the function's. */
static struct side *edge_side(struct viewer *v, const struct frame **ret_other)
{
	const struct frame *callee = v->path[v->depth - 1];
	const struct frame *caller = v->depth > 1 ? v->path[v->depth - 2] : NULL;

	if (!caller || caller->name == callee->name)
		return NULL;
	*ret_other = callee->name == v->name ? caller : callee;
	if (callee->name == v->name)
		return &v->callers;
	return caller->name == v->name ? &v->callees : NULL;
}

static bool enter(void *state, uint32_t stack, uint32_t line, bool is_leaf)
{
	struct viewer *v = state;
	const struct frame *frame = passage_frame(&v->passage, stack, line), *other;
	int64_t value = v->passage.total[stack];
	struct side *side;

	if (!VEC_FITS(v->path, v->cap_path, v->depth + 1))
		return false;
	v->path[v->depth++] = frame;
	if (frame->name == v->name) {
		if (v->on_path++ == 0)
			v->peek->total = passage_sum(v->peek->total, value);
		else
			v->peek->is_recursive = true;
		if (is_leaf)
			v->peek->self = passage_sum(v->peek->self, v->passage.self[stack]);
	}
	side = edge_side(v, &other);
	return !side || add_edge(side, other, value);
}

static void leave(void *state, uint32_t stack, uint32_t line)
{
	struct viewer *v = state;
	const struct frame *other;
	struct side *side = edge_side(v, &other);

	if (side)
		side->on_path[other->name]--;
	if (v->path[--v->depth]->name == v->name)
		v->on_path--;
}

static int compare_edges(const void *left, const void *right)
{
	const struct peek_edge *a = left, *b = right;
	uint64_t size_a = a->value < 0 ? -(uint64_t)a->value : (uint64_t)a->value;
	uint64_t size_b = b->value < 0 ? -(uint64_t)b->value : (uint64_t)b->value;

	if (size_a != size_b)
		return size_a > size_b ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

static void take_side(struct side *side, struct peek_edge **ret, size_t *ret_n)
{
	if (side->n)
		qsort(side->edges, side->n, sizeof(*side->edges), compare_edges);
	*ret = side->edges;
	*ret_n = side->n;
	side->edges = NULL;
}

static int look(struct viewer *v, struct view name, struct err *err)
{
	const struct passage_visitor visitor = { enter, leave, v };
	const struct frames *frames = &v->passage.frames;
	int rc;

	v->name = name.len ? strings_find(&frames->names, name) : 0;
	if (v->name >= frames->n_sorted)
		return err_set(err, ERR_NOT_FOUND, "no function \"%.*s\" in the profile",
			(int)(name.len < 200 ? name.len : 200), name.at);
	if (!init_side(&v->callers, frames->n_sorted) || !init_side(&v->callees, frames->n_sorted))
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = passage_walk(&v->passage, &visitor, err);
	if (rc < 0)
		return rc;
	take_side(&v->callers, &v->peek->callers, &v->peek->n_callers);
	take_side(&v->callees, &v->peek->callees, &v->peek->n_callees);
	return 0;
}

int peek_build(const struct profile *profile, const struct peek_options *options, struct peek *ret,
	struct err *err)
{
	const struct passage_options how = { options->type, -1, options->granularity };
	struct viewer v = { .peek = ret };
	int rc;

	*ret = (struct peek){ 0 };
	rc = passage_init(&v.passage, profile, &how, err);
	if (rc == 0)
		rc = look(&v, options->name, err);
	ret->whole = profile_total(profile, options->type);
	ret->names = v.passage.frames.names;
	v.passage.frames.names = (struct strings){ 0 };
	passage_fini(&v.passage);
	free(v.path);
	fini_side(&v.callers);
	fini_side(&v.callees);
	return rc;
}

void peek_fini(struct peek *peek)
{
	strings_fini(&peek->names);
	free(peek->callers);
	free(peek->callees);
	*peek = (struct peek){ 0 };
}
