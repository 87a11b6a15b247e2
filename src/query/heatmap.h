/*
 * heatmap: how many profiles, traces or spans had how much, over time.
 *
 * A column is a stretch of time, a row a range of values; a cell counts what began there and had as
 * much. Where one line of a sum shows a hill, this shows whether all grew or a few.
 */
#ifndef QUERY_HEATMAP_H
#define QUERY_HEATMAP_H

#include "store/store.h"

#define HEATMAP_ROWS_MAX 200u
#define HEATMAP_CELLS_MAX 500000u
#define HEATMAP_THINGS_MAX 4000000u

enum heatmap_by { HEATMAP_BY_PROFILE, HEATMAP_BY_TRACE, HEATMAP_BY_SPAN };

struct heatmap_options {
	const struct store_select *select; /* with a whole type */
	int64_t step_ns;
	enum heatmap_by by;
	unsigned rows;  /* 1 to HEATMAP_ROWS_MAX */
	bool is_linear; /* rows of one height; else each is as many times its lower edge as every
			   other */
};

struct heatmap {
	double *edges;    /* rows + 1, ascending; owned; NULL if nothing was found */
	uint32_t *counts; /* row by row, n_columns each; owned */
	unsigned n_rows;
	size_t n_columns;
	uint64_t n;         /* things counted */
	uint64_t n_without; /* that had nothing, or less: in no cell */
};

/* ERR_USAGE past the numbers above. heatmap_fini also after an error. */
int heatmap_make(struct store *store, const struct heatmap_options *options, struct heatmap *ret,
	struct err *err);
void heatmap_fini(struct heatmap *heatmap);

#endif
