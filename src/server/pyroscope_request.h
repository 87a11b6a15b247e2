/*
 * pyroscope_request: what a request to querier.v1 says, whichever it is.
 *
 * Its messages share their fields' names and not their numbers, so a field is known by its name in
 * the message's table (pyroscope_messages.h).
 */
#ifndef SERVER_PYROSCOPE_REQUEST_H
#define SERVER_PYROSCOPE_REQUEST_H

#include <stdbool.h>

#include "base/err.h"
#include "base/view.h"
#include "wire/protojson.h"

#define PYROSCOPE_REQUEST_TEXTS_MAX 64u
#define PYROSCOPE_REQUEST_CALLS_MAX 1024u

struct pyroscope_texts {
	struct view at[PYROSCOPE_REQUEST_TEXTS_MAX];
	size_t n;
};

struct pyroscope_request { /* borrows from the message */
	struct view type, selector, name, query;
	struct pyroscope_texts matchers, label_names, group_by, profile_ids, traces, spans;
	int64_t start_ms, end_ms; /* both 0 = not said */
	int64_t nodes_max, limit; /* 0 = not said */
	double step_s;
	uint64_t format, aggregation, exemplars, heatmap;
	struct view call_site[PYROSCOPE_REQUEST_CALLS_MAX]; /* root first */
	size_t n_call_site;
	bool for_pgo; /* go_pgo was said: */
	uint64_t keep_locations, aggregate_callees;
	struct view left, right; /* messages */
	struct view async_id;
	uint64_t async_type;
	struct budget *budget; /* not of the message: who asks may set it */
};

/* ERR_CORRUPT for bytes that are no such message, ERR_LIMIT for a list that is too long. */
int pyroscope_request_read(const struct protojson_message *message, struct view bytes,
	struct pyroscope_request *ret, struct err *err);

#endif
