/* listing_heatmap: a server's heat map as lines. */
#include <string.h>

#include "cli/listing_impl.h"

struct cells {
	struct listing_items items; /* first */
	double from, step;
	struct buf edges; /* owned; doubles */
	size_t row;
};

static void add_edge(struct json_read *r, struct listing_items *items)
{
	struct cells *cells = (struct cells *)items;
	double edge;

	if (json_read_number(r, &edge))
		buf_add(&cells->edges, &edge, sizeof(edge));
}

/* A row of counts, step by step. */
static void add_row(struct json_read *r, struct listing_items *items)
{
	struct cells *cells = (struct cells *)items;
	double edges[2] = { 0 }, count, at = cells->from;
	size_t end = (cells->row + 2) * sizeof(edges[0]);

	if (end <= cells->edges.len)
		memcpy(edges, cells->edges.at + end - sizeof(edges), sizeof(edges));
	cells->row++;
	json_read_array(r);
	for (; json_read_item(r); at += cells->step) {
		if (!json_read_number(r, &count) || count == 0)
			continue;
		listing_add_time(items->out, at);
		buf_add_text(items->out, "  ");
		listing_add_value(items, edges[0]);
		buf_add_text(items->out, "  ");
		listing_add_value(items, edges[1]);
		buf_add_format(items->out, "  %8.0f\n", count);
		items->n++;
	}
}

int listing_heatmap(struct view body, struct buf *out, bool *ret_any, struct err *err)
{
	struct cells cells = { .items = { .read = add_edge, .out = out },
		.from = listing_number(body, "from"),
		.step = listing_number(body, "step") };
	int rc;

	listing_read_unit(body, &cells.items);
	rc = listing_read(body, "edges", &cells.items, err);
	cells.items.read = add_row;
	if (rc == 0)
		rc = listing_read(body, "rows", &cells.items, err);
	*ret_any = cells.items.n > 0;
	buf_fini(&cells.edges);
	return rc;
}
