/* callgraph: functions and who calls whom, of a tree. */
#include "model/callgraph.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/descent.h"

#define NONE UINT32_MAX

struct step {                /* a node on the way from the root to where the walk is */
	uint32_t node, next; /* next: how many of its children were walked */
	uint32_t nearest;    /* the innermost function that is kept, from here up */
	bool is_skipped;     /* between `nearest` and here are functions that are not kept */
};

struct walk {
	const struct tree *tree;
	struct callgraph *into;
	struct step *way;
	size_t depth;
	uint32_t *on_way;       /* of a name: how often */
	uint64_t *self, *total; /* of a name */
	uint32_t *place;        /* of a name: its function, once they are chosen */
	struct map edges;       /* caller and callee to its index, plus one */
	struct map crossed;     /* the same to how often it is on the way */
	bool failed;
};

/* ---- functions ---- */

static void count(struct walk *w, uint32_t node)
{
	uint32_t name = w->tree->name[node];

	w->self[name] = descent_sum(w->self[name], w->tree->self[node]);
	if (w->on_way[name]++ == 0)
		w->total[name] = descent_sum(w->total[name], w->tree->total[node]);
}

static int by_total(const void *a_, const void *b_)
{
	const struct callgraph_function *a = a_, *b = b_;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return a->name < b->name ? -1 : a->name > b->name;
}

static bool choose(struct walk *w, size_t functions_max)
{
	struct callgraph *into = w->into;
	size_t n_names = w->tree->names.count, n = 0;

	into->functions = calloc(n_names + 1, sizeof(*into->functions));
	if (!into->functions)
		return false;
	for (uint32_t i = 0; i < n_names; i++) {
		w->place[i] = NONE;
		if (w->total[i])
			into->functions[n++] =
				(struct callgraph_function){ i, w->self[i], w->total[i] };
	}
	qsort(into->functions, n, sizeof(*into->functions), by_total);
	into->n_functions = functions_max && n > functions_max ? functions_max : n;
	into->n_left = n - into->n_functions;
	for (uint32_t i = 0; i < into->n_functions; i++)
		w->place[into->functions[i].name] = i;
	return true;
}

/* ---- calls ---- */

static struct callgraph_edge *edge_of(struct walk *w, uint32_t caller, uint32_t callee)
{
	uint64_t *slot = map_add(&w->edges, (uint64_t)caller << 32 | callee, NULL);
	struct callgraph_edge *edge;

	if (!slot)
		return NULL;
	if (*slot)
		return &w->into->edges[*slot - 1];
	edge = VEC_ADD(w->into->edges, w->into->n_edges, w->into->cap_edges);
	if (!edge)
		return NULL;
	*slot = w->into->n_edges;
	*edge = (struct callgraph_edge){ .caller = caller, .callee = callee };
	return edge;
}

static void call(struct walk *w, const struct step *from, uint32_t callee, uint64_t total)
{
	uint64_t *times = map_add(&w->crossed, (uint64_t)from->nearest << 32 | callee, NULL);
	struct callgraph_edge *edge;

	if (!times) {
		w->failed = true;
		return;
	}
	if ((*times)++)
		return;
	edge = edge_of(w, from->nearest, callee);
	if (!edge) {
		w->failed = true;
		return;
	}
	edge->total = descent_sum(edge->total, total);
	edge->is_indirect |= from->is_skipped;
}

/* The call into the node is crossed; leave() takes it back. */
static void enter_call(struct walk *w, struct step *step, const struct step *from)
{
	uint32_t place = w->place[w->tree->name[step->node]];

	step->nearest = place == NONE ? from->nearest : place;
	step->is_skipped = place == NONE;
	if (place != NONE && from->nearest != NONE && from->nearest != place)
		call(w, from, place, w->tree->total[step->node]);
}

static void leave_call(struct walk *w, const struct step *step, const struct step *from)
{
	uint32_t place = w->place[w->tree->name[step->node]];
	uint64_t *times;

	if (place == NONE || from->nearest == NONE || from->nearest == place)
		return;
	times = map_find(&w->crossed, (uint64_t)from->nearest << 32 | place);
	if (times)
		--*times;
}

/* ---- the walk, once for functions and once for calls ---- */

static void push(struct walk *w, uint32_t node, bool for_calls)
{
	struct step *step = &w->way[w->depth];

	*step = (struct step){ .node = node, .nearest = NONE };
	if (node && for_calls)
		enter_call(w, step, step - 1);
	else if (node)
		count(w, node);
	w->depth++;
}

static void pop(struct walk *w, bool for_calls)
{
	struct step *step = &w->way[--w->depth];

	if (step->node && for_calls)
		leave_call(w, step, step - 1);
	else if (step->node)
		w->on_way[w->tree->name[step->node]]--;
}

static void walk(struct walk *w, bool for_calls)
{
	push(w, 0, for_calls);
	while (w->depth && !w->failed) {
		struct step *step = &w->way[w->depth - 1];

		if (step->next == w->tree->n_children[step->node])
			pop(w, for_calls);
		else
			push(w, w->tree->first_child[step->node] + step->next++, for_calls);
	}
}

static int by_size(const void *a_, const void *b_)
{
	const struct callgraph_edge *a = a_, *b = b_;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	return a->callee < b->callee ? -1 : a->callee > b->callee;
}

int callgraph_build(
	const struct tree *tree, size_t functions_max, struct callgraph *ret, struct err *err)
{
	size_t n = tree->names.count + 1;
	struct walk w = { .tree = tree, .into = ret };

	*ret = (struct callgraph){ .whole = tree->total[0] };
	w.way = calloc((size_t)tree->max_depth + 2, sizeof(*w.way));
	w.on_way = calloc(n, sizeof(*w.on_way));
	w.self = calloc(n, sizeof(*w.self));
	w.total = calloc(n, sizeof(*w.total));
	w.place = calloc(n, sizeof(*w.place));
	w.failed = !w.way || !w.on_way || !w.self || !w.total || !w.place;
	if (!w.failed)
		walk(&w, false);
	if (!w.failed)
		w.failed = !choose(&w, functions_max);
	if (!w.failed)
		walk(&w, true);
	if (!w.failed && ret->n_edges)
		qsort(ret->edges, ret->n_edges, sizeof(*ret->edges), by_size);
	free(w.way);
	free(w.on_way);
	free(w.self);
	free(w.total);
	free(w.place);
	map_fini(&w.edges);
	map_fini(&w.crossed);
	return w.failed ? err_set(err, ERR_NOMEM, "out of memory for the call graph") : 0;
}

void callgraph_fini(struct callgraph *graph)
{
	free(graph->functions);
	free(graph->edges);
	*graph = (struct callgraph){ 0 };
}
