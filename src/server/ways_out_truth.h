/* ways_out_truth: what a selection rests on, as JSON and in a sentence. */
#ifndef SERVER_WAYS_OUT_TRUTH_H
#define SERVER_WAYS_OUT_TRUTH_H

#include "server/question.h"

/* Appends one JSON object; see ways_out.h. */
int ways_out_truth(struct store *store, const struct question *question,
	const struct router_call *call, struct buf *out, struct err *err);

#endif
