/* ways_out_lists: lists about what is kept, as JSON. */
#ifndef SERVER_WAYS_OUT_LISTS_H
#define SERVER_WAYS_OUT_LISTS_H

#include "server/question.h"

/* Each appends one JSON object; see ways_out.h. Types, names, values and series are those of the
 * days that the question's range touches, whatever its type. */
int ways_out_lists_types(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_lists_labels(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_lists_values(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_lists_series(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_lists_traces(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);

#endif
