/* functions: the table of functions, and one function's callers and callees, as JSON. */
#include "server/functions.h"

#include <stdlib.h>

#include "model/tree.h"
#include "render/page_json.h"

struct row {
	uint32_t name, module;
	uint8_t kind;
	bool is_set;
	uint32_t active; /* how often it is on the way down to the current node */
	uint64_t self, total;
};

/* A walk down and up the tree without recursion. */
struct walk {
	const struct tree *tree;
	uint32_t node;
	bool leaving; /* all below it has been visited */
};

static struct walk walk_begin(const struct tree *tree)
{
	return (struct walk){ .tree = tree };
}

/* The next node entered or left; false at the end. */
static bool walk_next(struct walk *walk)
{
	const struct tree *tree = walk->tree;
	uint32_t node = walk->node, parent = tree->parent[node];

	if (!walk->leaving && tree->n_children[node]) {
		walk->node = tree->first_child[node];
	} else if (!walk->leaving) {
		walk->leaving = true;
	} else if (node == 0) {
		return false;
	} else if (node + 1 < tree->first_child[parent] + tree->n_children[parent]) {
		walk->node = node + 1;
		walk->leaving = false;
	} else {
		walk->node = parent;
	}
	return true;
}

static bool is_function(const struct tree *tree, uint32_t node)
{
	return tree->kind[node] != FRAME_GROUP;
}

static void count_node(const struct tree *tree, uint32_t node, struct row *row)
{
	if (!row->is_set) {
		row->is_set = true;
		row->name = tree->name[node];
		row->module = tree->module[node];
		row->kind = tree->kind[node];
	}
	/* Called "inlined" only when it is so everywhere. */
	if (row->kind == FRAME_INLINED)
		row->kind = tree->kind[node];
	row->self += tree->self[node];
	if (row->active++ == 0)
		row->total += tree->total[node];
}

static int by_total(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* Moves the rows in use to the front, the largest first; their number. */
static size_t sort_rows(struct row *rows, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++)
		if (rows[i].is_set)
			rows[used++] = rows[i];
	qsort(rows, used, sizeof(*rows), by_total);
	return used;
}

static void write_top(const struct tree *tree, const struct row *rows, size_t n, struct buf *out)
{
	size_t listed = n < FUNCTIONS_TOP_MAX ? n : FUNCTIONS_TOP_MAX;

	buf_add_text(out, "{\"rows\":[");
	for (size_t i = 0; i < listed; i++) {
		buf_add_text(out, i ? ",[" : "[");
		page_json_text(out, strings_at(&tree->names, rows[i].name));
		buf_add_char(out, ',');
		page_json_text(out, strings_at(&tree->names, rows[i].module));
		buf_add_format(out, ",%u,%llu,%llu]", rows[i].kind,
			(unsigned long long)rows[i].self, (unsigned long long)rows[i].total);
	}
	buf_add_format(out, "],\"left_out\":%zu}\n", n - listed);
}

int functions_top(const struct tree *tree, struct buf *out, struct err *err)
{
	struct row *rows = calloc(tree->names.count + 1, sizeof(*rows));
	struct walk walk = walk_begin(tree);

	if (!rows)
		return err_set(err, ERR_NOMEM, "out of memory for the table");
	do {
		struct row *row = &rows[tree->name[walk.node]];

		if (!is_function(tree, walk.node))
			continue;
		if (walk.leaving)
			row->active--;
		else
			count_node(tree, walk.node, row);
	} while (walk_next(&walk));
	write_top(tree, rows, sort_rows(rows, tree->names.count), out);
	free(rows);
	return 0;
}

struct peek {
	const struct tree *tree;
	uint32_t name;
	uint32_t inside; /* frames of that name on the way down */
	uint64_t self, total;
	struct row *callers, *callees; /* by name; names.count stands for the root */
};

static bool is_it(const struct peek *peek, uint32_t node)
{
	return is_function(peek->tree, node) && peek->tree->name[node] == peek->name;
}

static void cross(struct row *rows, uint32_t name, uint64_t value, bool leaving)
{
	struct row *row = &rows[name];

	if (leaving) {
		row->active--;
		return;
	}
	row->is_set = true;
	row->name = name;
	if (row->active++ == 0)
		row->total += value;
}

static void peek_node(struct peek *peek, uint32_t node, bool leaving)
{
	const struct tree *tree = peek->tree;
	uint32_t parent = tree->parent[node], caller = (uint32_t)tree->names.count;

	if (node && is_it(peek, parent))
		cross(peek->callees, tree->name[node], tree->total[node], leaving);
	if (!is_it(peek, node))
		return;
	if (node && is_function(tree, parent))
		caller = tree->name[parent];
	cross(peek->callers, caller, tree->total[node], leaving);
	if (leaving) {
		peek->inside--;
		return;
	}
	peek->self += tree->self[node];
	if (peek->inside++ == 0)
		peek->total += tree->total[node];
}

static void write_neighbours(
	const struct tree *tree, const char *what, struct row *rows, struct buf *out)
{
	size_t n = sort_rows(rows, tree->names.count + 1);
	bool first = true;

	buf_add_format(out, ",\"%s\":[", what);
	for (size_t i = 0; i < n && i < FUNCTIONS_PEEK_MAX && rows[i].total; i++) {
		struct view name = { "", 0 };

		if (rows[i].name < tree->names.count)
			name = strings_at(&tree->names, rows[i].name);
		buf_add_text(out, first ? "[" : ",[");
		page_json_text(out, name);
		buf_add_format(out, ",%llu]", (unsigned long long)rows[i].total);
		first = false;
	}
	buf_add_char(out, ']');
}

int functions_peek(const struct tree *tree, struct view name, struct buf *out, struct err *err)
{
	struct peek peek = { .tree = tree, .name = strings_find(&tree->names, name) };
	struct walk walk = walk_begin(tree);

	peek.callers = calloc(tree->names.count + 1, sizeof(*peek.callers));
	peek.callees = calloc(tree->names.count + 1, sizeof(*peek.callees));
	if (!peek.callers || !peek.callees) {
		free(peek.callers);
		free(peek.callees);
		return err_set(err, ERR_NOMEM, "out of memory for callers and callees");
	}
	if (peek.name != STRINGS_NONE)
		do
			peek_node(&peek, walk.node, walk.leaving);
		while (walk_next(&walk));
	buf_add_format(out, "{\"self\":%llu,\"total\":%llu", (unsigned long long)peek.self,
		(unsigned long long)peek.total);
	write_neighbours(tree, "callers", peek.callers, out);
	write_neighbours(tree, "callees", peek.callees, out);
	buf_add_text(out, "}\n");
	free(peek.callers);
	free(peek.callees);
	return 0;
}
