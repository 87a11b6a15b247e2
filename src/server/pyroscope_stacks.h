/*
 * pyroscope_stacks: querier.v1's questions whose answer is one merged profile.
 */
#ifndef SERVER_PYROSCOPE_STACKS_H
#define SERVER_PYROSCOPE_STACKS_H

#include "model/profile.h"
#include "server/connect.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

#define PYROSCOPE_NODES_DEFAULT 8192
#define PYROSCOPE_NODES_MAX (1 << 20)

/* The owner is the store. */
extern const struct connect_method pyroscope_stacks_merge;

/* What a request selects, as one profile of one type with about as many nodes as it wants, or all
 * if `whole`. *ret is owned by the caller. */
struct pyroscope_stacks_options {
	struct store *store;
	struct view tenant;
	bool whole;
};
int pyroscope_stacks_gather(const struct pyroscope_stacks_options *options,
	const struct pyroscope_request *request, struct profile **ret, struct err *err);

/* How many nodes a request wants. ERR_USAGE past PYROSCOPE_NODES_MAX. */
int pyroscope_stacks_nodes(const struct pyroscope_request *request, size_t *ret, struct err *err);

#endif
