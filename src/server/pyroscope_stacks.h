/*
 * pyroscope_stacks: querier.v1's questions whose answer is one merged profile.
 */
#ifndef SERVER_PYROSCOPE_STACKS_H
#define SERVER_PYROSCOPE_STACKS_H

#include "model/profile.h"
#include "server/connect.h"
#include "server/pyroscope_request.h"
#include "store/store.h"

/* The owner is the store. */
extern const struct connect_method pyroscope_stacks_merge, pyroscope_stacks_spans,
	pyroscope_stacks_profile;

/* What a request selects, as one profile of one type; *ret is owned by the caller. */
struct pyroscope_stacks_options {
	struct store *store;
	struct view tenant;
	size_t nodes_max; /* about so many stacks are told apart; 0 = all */
};
int pyroscope_stacks_gather(const struct pyroscope_stacks_options *options,
	const struct pyroscope_request *request, struct profile **ret, struct err *err);

/* How many stacks a picture of so many nodes needs: stacks are cut before they have names, and
 * nodes after. */
size_t pyroscope_stacks_for(size_t nodes);

#endif
