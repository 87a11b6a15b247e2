/* ways_out_time: what a selection was like over time, as JSON. */
#ifndef SERVER_WAYS_OUT_TIME_H
#define SERVER_WAYS_OUT_TIME_H

#include "server/question.h"

/* Each appends one JSON object; see ways_out.h. */
int ways_out_time_line(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_time_share(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);
int ways_out_time_heatmap(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);

/* Values of the label that the path names, each with its total: {"counts":[…]}. */
int ways_out_time_counts(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);

/* The number of a time: seconds since 1970, whole if they are. */
struct json;
void ways_out_time_add(struct json *json, const char *key, int64_t ns);

#endif
