/*
 * traces: the traces and spans that have samples in a selection, the heaviest first.
 */
#ifndef QUERY_TRACES_H
#define QUERY_TRACES_H

#include "model/strings.h"
#include "store/store.h"

#define TRACES_MAX 1000000u /* distinct spans that are told apart in one question */

struct traces_row {
	struct store_span span;
	struct view service; /* the first met that has some of it */
	int64_t total;
	int64_t begin_ns, end_ns; /* of the profiles that it is in */
};

struct traces {
	struct strings services;
	struct traces_row *rows; /* owned */
	size_t n, cap;
};

/* One row a span, or one a trace (its span_id zero) with `by_trace`. ERR_LIMIT past TRACES_MAX.
 * traces_fini also after an error. */
int traces_find(struct store *store, const struct store_select *select, bool by_trace,
	struct traces *ret, struct err *err);
void traces_fini(struct traces *traces);

#endif
